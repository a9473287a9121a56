import EventSourcing

/// The moment that a read shows. Rights are those of today at every moment.
enum Moment: Sendable, Hashable {
    /// The present.
    case now
    /// The state just after the event at a position.
    case asOf(Position)
    /// The state just after a change, as it is shown to its very caller, whose rights were checked by the command: in the
    /// response to the change, or to a request that repeats it.
    case repeated(Position)

    /// Whether what is shown depends on the caller's rights of today. After a change of their own it does not: it may be what
    /// ended them.
    var dependsOnRights: Bool {
        switch self {
        case .now, .asOf: true
        case .repeated: false
        }
    }

    /// The position; `nil` for the present.
    var position: Position? {
        switch self {
        case .now: nil
        case .asOf(let position), .repeated(let position): position
        }
    }
}
