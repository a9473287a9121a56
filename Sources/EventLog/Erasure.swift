import EventSourcing
import FoundationEssentials
import Postgres

/// The erasure of a stream: what clients chose in its events before a position is taken out of the log. Commitments and leaves
/// stay, so every proof still holds.
public struct Erasure: Sendable, Hashable {
    public let stream: UUID
    /// The position of the event that erases it.
    public let position: Position

    public init(of stream: UUID, at position: Position) {
        self.stream = stream
        self.position = position
    }

    /// The statement that takes the texts out, in the transaction that has appended the erasing event.
    public var removal: (Statement, [Parameter]) { (Erasure.remove.statement, Erasure.remove.parameters(self)) }

    private static let remove = Query<Erasure> {
        "select log.erase(\($0.uuid { $0.stream }), \($0.int { $0.position }))"
    }
}

/// The erasures that a log has.
public enum Erasures {
    /// The position of the last event that erased a stream, as SQL; 0 before the first.
    public static let last = "coalesce((select max(position) from log.erasures), 0)"

    /// That position, and whether there are steps to be taken.
    public static let state = Selection<Void, (last: Position, isUnfinished: Bool)>(
        {
            (
                last: try $0.int(last),
                isUnfinished: try $0.bool("exists (select from log.erasures where origins_after is not null)")
            )
        })

    /// Those whose events are after a position.
    public static let after = Selection<Position, Erasure>(
        { Erasure(of: try $0.uuid("stream"), at: try $0.int("position")) },
        { position, columns in
            "select \(columns) from log.erasures where position > \(position.int { $0 }) order by position"
        })

    /// Takes the next step of erasing where requests came from that an erased account has made: of a bounded number of its events,
    /// in a transaction of its own. The answer is whether there may be more to do, for this node or another.
    public static let step = Selection<Void, Bool>({ try $0.bool("log.erase_origins(\(stepSize))") })

    /// How many events a step changes at most: few enough that writers, who wait for it, do not notice.
    private static let stepSize = 500
}
