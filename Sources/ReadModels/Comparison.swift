import EventSourcing
import Postgres

/// Compares rebuilt rows with those that were served, as text and of one moment.
///
/// The old tables have not changed since the swap. The new ones do, but what they were at any position can still be read, so
/// that nothing needs to be locked.
struct Comparison {
    /// The projection in the tables that serve now.
    let schema: String
    /// The schema of the tables that served before; `nil` where there is nothing to compare with.
    let old: String?
    let name: String
    let columns: [Column]
    /// The head of the log at the moment of the swap.
    let head: Position

    func run(_ session: PostgresSession) async throws -> [RebuildReport.Table] {
        let names = columns.map(\.name).joined(separator: ", ")
        let current = """
            select \(names), since from \(schema).current where since <= \(head)
            union all
            select \(names), since from \(schema).past where since <= \(head) and until > \(head)
            """
        let past = "select \(names), since, until from \(schema).past where until <= \(head)"
        return [
            try await compare(session, "current", current, "select \(names), since from \(old ?? schema).current"),
            try await compare(session, "past", past, "select \(names), since, until from \(old ?? schema).past"),
        ]
    }

    private func compare(_ session: PostgresSession, _ table: String, _ new: String, _ served: String) async throws
        -> RebuildReport.Table
    {
        let rows = try await count(session, new).count
        guard old != nil else { return RebuildReport.Table(name: "\(name).\(table)", rows: rows, differing: nil) }
        let new = "select r::text as row, r.since from (\(new)) r"
        let served = "select r::text as row, r.since from (\(served)) r"
        let differing = try await count(
            session, "(\(new) except all \(served)) union all (\(served) except all \(new))")
        return RebuildReport.Table(
            name: "\(name).\(table)", rows: rows, differing: differing.count, first: differing.first)
    }

    private func count(_ session: PostgresSession, _ rows: String) async throws -> (count: Int, first: Position?) {
        let selection = Selection<Void, (count: Int, first: Position?)>(
            { (Int(try $0.int("count(*)")), try $0.intIfPresent("min(r.since)")) }, "from (\(rows)) r")
        return try await session.selectOne(selection, deadline: .seconds(86_400))
    }
}
