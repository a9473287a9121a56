import EventSourcing
import Postgres
import TransparencyLog

/// The last checkpoint that was signed, with the state in which the next would be.
public struct LastCheckpoint: Sendable, Equatable {
    /// How many leaves it speaks of; 0 before the first.
    public let size: Position
    /// The root of their tree.
    public let root: [UInt8]
    /// The signed note; `nil` before the first.
    public let note: String?
    /// The position of the last event.
    public let head: Position
    /// The log's name; `nil` before the first start of a service.
    public let origin: String?
    /// The number of the newest key; `nil` if there is none yet.
    public let newestKey: Int?

    /// Reads it.
    public static func read(_ database: some DatabaseReader) async throws(PostgresError) -> LastCheckpoint {
        try await database.one(selection)
    }

    private static let selection = Selection<Void, LastCheckpoint>(
        {
            LastCheckpoint(
                size: try $0.int("k.size"), root: try $0.bytes("k.root"), note: try $0.textIfPresent("k.note"),
                head: try $0.int("coalesce((select max(position) from log.events), 0)"),
                origin: try $0.textIfPresent("c.origin"),
                newestKey: try $0.intIfPresent("(select max(number) from log.signing_keys)").map { Int($0) })
        }, "from log.checkpoints k cross join log.control c")

    /// Keeps a checkpoint as the last one, if this one still is, and if the key is the newest.
    /// - Parameter key: the number of the key that signed it.
    /// - Returns: whether it was kept. If not, it must not be given out.
    func replace(
        with checkpoint: SignedCheckpoint, by key: Int, _ database: some DatabaseReader
    ) async throws(PostgresError) -> Bool {
        let next = Replacement(last: self, key: key, next: checkpoint)
        return try await database.rows(LastCheckpoint.replacing, next).first ?? false
    }

    private struct Replacement: Sendable {
        let last: LastCheckpoint
        let key: Int
        let next: SignedCheckpoint
    }

    private static let replacing = Selection<Replacement, Bool>({ try $0.bool("kept") }) { next, column in
        """
        select \(column) from log.keep_checkpoint(
            \(next.int { $0.last.size }), \(next.bytes { $0.last.root }), \(next.int { Int64($0.key) })::int,
            \(next.int { Int64($0.next.checkpoint.size) }), \(next.bytes { $0.next.checkpoint.root }),
            \(next.text { $0.next.note.encoded })) as kept
        """
    }
}
