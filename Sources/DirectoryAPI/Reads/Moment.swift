import EventSourcing

/// The moment that a read shows. Rights are those of today at every moment.
enum Moment: Sendable, Hashable {
    /// The present.
    case now
    /// The state just after the event at a position.
    case asOf(Position)
    /// The state at a position, as the first response to a repeated request showed it to this very caller.
    case repeated(Position)

    /// The position; `nil` for the present.
    var position: Position? {
        switch self {
        case .now: nil
        case .asOf(let position), .repeated(let position): position
        }
    }
}
