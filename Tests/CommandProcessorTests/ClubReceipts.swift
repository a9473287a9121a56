import EventSourcing
import FoundationEssentials

/// What a client did under a key of its own, and at which position: a side table, in the columns that the log's schema has.
enum ClubReceipts: SideTable {
    static let name = "log.receipts"
    static let columns: (key: [Column], row: [Column]) = (
        [Column("digest", .bytes)],
        [
            Column("fingerprint", .bytes), Column("entity", .uuid), Column("position", .integer),
            Column("recorded_at", .instant),
        ]
    )

    static let forgetting: [Forgetting] = [
        { stream, _ in "delete from log.receipts where entity = \(stream())" }
    ]
    static func values(of key: [UInt8]) -> [ColumnValue] { [.bytes(key)] }
    static func values(of row: Outcome) -> [ColumnValue] {
        [.bytes([]), .uuid(UUID(high: 0, low: 0)), .integer(row.last), .instant(row.at)]
    }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> [UInt8] {
        try ColumnReader(key: values, of: Self.self).bytes("digest")
    }
    static func row(at key: [UInt8], from values: [ColumnValue]) throws(UnreadableRow) -> Outcome {
        let columns = ColumnReader(row: values, of: Self.self)
        return Outcome(
            first: nil, last: try columns.integer("position"), at: try columns.instant("recorded_at"))
    }
}

/// Counts a member up once a key.
struct CountOnce: ClubCommand {
    let id: UUID, key: [UInt8]
    var loads: [Load] { [.row(Members.self, id), .row(ClubReceipts.self, key)] }
    var sideWrites: [SideWrite] { [SideWrite(ClubReceipts.self, key) { $0 }] }

    func happens(_ view: View) throws -> [ClubEvent] {
        guard try view.row(ClubReceipts.self, key) == nil else { return [] }
        return [.counted(id, to: try view.member(id).count + 1)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> (count: Int64, receipt: Position?) {
        (try view.member(id).count, try view.row(ClubReceipts.self, key)?.last)
    }
}

/// Counts a member up and forgets a key.
struct Forget: ClubCommand {
    let id: UUID, key: [UInt8]
    var loads: [Load] { [] }
    var sideWrites: [SideWrite] { [SideWrite(ClubReceipts.self, key) { _ in nil }] }

    func happens(_ view: View) throws -> [ClubEvent] { [.counted(id, to: try view.member(id).count + 1)] }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws {}
}
