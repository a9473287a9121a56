import CanonicalJSON
import EventSourcing
import FoundationEssentials
import TransparencyLog

/// Events on their way into the log: each has a place and a hash, and is the same each time it is sent.
public struct Batch: Sendable {
    /// The position after which they come.
    public let after: Position
    /// The leaf hash of the event there; `nil` before the first.
    public let afterHash: [UInt8]?
    /// The events, in order.
    public private(set) var events: [StoredEvent] = []

    /// An empty batch after an event.
    public init(after: Position, afterHash: [UInt8]?) {
        self.after = after
        self.afterHash = afterHash
    }

    /// Events that have their places and hashes already.
    init(after: Position, afterHash: [UInt8]?, verified events: [StoredEvent]) {
        self.init(after: after, afterHash: afterHash)
        self.events = events
    }

    /// The position of the last event.
    public var head: Position { after + Position(events.count) }
    /// The leaf hash of the last event.
    public var headHash: [UInt8]? { events.last?.leafHash ?? afterHash }

    /// Gives the events of one command their places and hashes.
    /// - Parameters:
    ///   - now: the one instant of all of them.
    ///   - random: the source of ids and salts.
    /// - Throws: `EntryTooLarge`; nothing is added then.
    public mutating func add<Payload: EventPayload>(
        _ proposed: [Proposed<Payload>], by author: Author, at now: Instant,
        random: inout some RandomNumberGenerator
    ) throws(EntryTooLarge) -> [Event<Payload>] {
        let first = head + 1
        let origin = author.origin.map { $0.canonicalBytes() }
        var stored: [StoredEvent] = []
        var events: [Event<Payload>] = []
        stored.reserveCapacity(proposed.count)
        events.reserveCapacity(proposed.count)
        for proposal in proposed {
            let position = first + Position(stored.count)
            var payload = proposal.payload.encoded
            if let line = proposal.imported { payload.note(line) }
            let event = Event(
                position: position, id: .version7(at: now, random: (random.next(), random.next())),
                payload: proposal.payload, author: author, recordedAt: now, effectiveAt: proposal.effectiveAt,
                causation: position == first ? nil : first, imported: proposal.imported)
            var row = StoredEvent(
                position: position, id: event.id, payload: payload, data: payload.data?.canonicalBytes(),
                sealed: Commitment(to: payload.sealed?.canonicalBytes(), &random),
                actor: author.account, actorRole: author.role, actorKey: author.key,
                origin: Commitment(to: origin, &random), recordedAt: now,
                effectiveAt: proposal.effectiveAt, causation: event.causation, leafHash: [])
            let entry = row.entry
            guard entry.count <= EntryTooLarge.limit else {
                throw EntryTooLarge(type: payload.type, bytes: entry.count)
            }
            row.leafHash = MerkleTree.leafHash(entry)
            stored.append(row)
            events.append(event)
        }
        self.events += stored
        return events
    }
}

/// An event whose entry exceeds what a tile of entries can hold (tlog-tiles: 65,535 bytes).
public struct EntryTooLarge: Error {
    /// The most that an entry may have, in bytes.
    public static let limit = 65_535
    /// The event's type.
    public let type: String
    /// How long its entry would be.
    public let bytes: Int
}

extension EncodedPayload {
    /// Notes in `data` which line of which import the event came from.
    fileprivate mutating func note(_ line: ImportedLine) {
        var members = (data?.members ?? []).filter { $0.name != "import" && $0.name != "line" }
        members.append(JSON.Member(name: "import", value: .string(line.import.text)))
        members.append(JSON.Member(name: "line", value: .integer(Int64(line.line))))
        data = .object(members)
    }
}

extension Commitment {
    /// Commits to a text, if there is one, under a fresh salt.
    fileprivate init?(to text: [UInt8]?, _ random: inout some RandomNumberGenerator) {
        guard let text else { return nil }
        self.init(to: text, salt: random.salt())
    }
}

extension RandomNumberGenerator {
    fileprivate mutating func salt() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for _ in 0..<4 { withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
