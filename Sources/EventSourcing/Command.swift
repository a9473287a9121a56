/// An intention to change something, decided against the exact state before its events.
///
/// `decide` and `respond` are pure and synchronous: no clock, no I/O, no randomness. What a command needs of these is handed in:
/// the ids of what it makes when it is made, so that they are the same when it is decided again; the time each time again.
public protocol Command: Sendable {
    /// The domain's events.
    associatedtype Payload: EventPayload
    /// What the caller gets.
    associatedtype Response: Sendable
    /// What `decide` notes for `respond`.
    associatedtype Memo: Sendable

    /// What is sure to be read, so that a batch loads in one flush.
    var loads: [Load] { get }

    /// Decides what happens.
    /// - Throws: `Missing` for state that is not loaded; anything else is the refusal that the caller gets.
    func decide(_ view: View, at now: Instant) throws -> (Decision<Payload>, Memo)

    /// Says what the caller gets, from the state right after the command's own events.
    /// - Parameter outcome: where those events are in the log.
    /// - Throws: `Missing` for state that is not loaded.
    func respond(_ view: View, _ outcome: Outcome, _ memo: Memo) throws -> Response
}

/// What a command decided.
public struct Decision<Payload: EventPayload>: Sendable {
    /// What happens, in order; nothing, where nothing changes.
    public var events: [Proposed<Payload>]
    /// Who caused it.
    public var author: Author
    /// What is written alongside the log if there are events, in the transaction that appends them.
    public var sideWrites: [SideWrite]

    /// A decision, part by part.
    public init(_ events: [Proposed<Payload>], by author: Author, writing sideWrites: [SideWrite] = []) {
        self.events = events
        self.author = author
        self.sideWrites = sideWrites
    }
}

/// An event that has no place in the log yet.
public struct Proposed<Payload: EventPayload>: Sendable {
    /// What happens.
    public var payload: Payload
    /// When it took effect, where that is not now.
    public var effectiveAt: Instant?
    /// The line of an imported file that it came from.
    public var imported: ImportedLine?

    /// An event to be appended.
    public init(_ payload: Payload, effectiveAt: Instant? = nil, imported: ImportedLine? = nil) {
        self.payload = payload
        self.effectiveAt = effectiveAt
        self.imported = imported
    }
}

/// Where a command's events are in the log.
public struct Outcome: Sendable {
    /// The position of its first event; `nil` where it appended nothing.
    public let first: Position?
    /// The position of its last event, or the head at which it was decided.
    public let last: Position
    /// The instant of all its events.
    public let at: Instant

    /// An outcome, part by part.
    public init(first: Position?, last: Position, at instant: Instant) {
        (self.first, self.last, self.at) = (first, last, instant)
    }
}
