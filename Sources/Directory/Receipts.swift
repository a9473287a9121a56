import EventSourcing
import FoundationEssentials

/// Remembers that an idempotent request has been carried out.
public struct Receipt: Sendable, Equatable {
    /// A keyed digest of the request's body; empty where it has been erased.
    public let fingerprint: [UInt8]
    /// The entity that the request made or changed.
    public let entity: UUID
    /// The last event of the request.
    public let position: Position
    /// When that was.
    public let at: Instant

    /// Whether a request with a body of that digest can be a repeat.
    func agrees(with fingerprint: [UInt8]) -> Bool { self.fingerprint.isEmpty || self.fingerprint == fingerprint }

    /// Whether a repeat of the request is still known as one.
    func isValid(at now: Instant) -> Bool { now.microseconds - at.microseconds < Receipts.lifetime }
}

/// Receipts by a keyed digest of the client's key and of all that the key belongs to.
public enum Receipts: SideTable {
    /// How long a receipt is valid, in microseconds: seven days.
    public static let lifetime: Int64 = 7 * 86_400 * 1_000_000

    public static let name = "log.receipts"
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("digest", .bytes)],
        [
            Column("fingerprint", .bytes), Column("entity", .uuid), Column("position", .integer),
            Column("recorded_at", .instant),
        ]
    )

    /// A repeat of a request about what is erased is still known as one, but not any longer by its body, which the digest would give
    /// away to whoever has the key and guesses it. An account that is erased repeats nothing.
    public static let forgetting: [Forgetting] = [
        { stream, position in
            "update log.receipts set fingerprint = '' where entity = \(stream()) and position < \(position())"
        },
        { stream, position in
            """
            delete from log.receipts r using log.events e
            where e.actor = \(stream()) and e.position >= log.position_at(now() - interval '8 days')
            and e.position <= \(position()) and r.position = e.position
            """
        },
    ]

    public static func values(of key: [UInt8]) -> [ColumnValue] { [.bytes(key)] }

    public static func values(of row: Receipt) -> [ColumnValue] {
        [.bytes(row.fingerprint), .uuid(row.entity), .integer(row.position), .instant(row.at)]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> [UInt8] {
        try ColumnReader(key: values, of: Self.self).bytes("digest")
    }

    public static func row(at key: [UInt8], from values: [ColumnValue]) throws(UnreadableRow) -> Receipt {
        let columns = ColumnReader(row: values, of: Self.self)
        return Receipt(
            fingerprint: try columns.bytes("fingerprint"), entity: try columns.uuid("entity"),
            position: try columns.integer("position"), at: try columns.instant("recorded_at"))
    }
}
