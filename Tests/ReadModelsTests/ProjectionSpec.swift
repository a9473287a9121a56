import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// Given these events, then exactly these rows: only the fold, without a database.
struct ProjectionSpec<P: Projection> where P.Payload == DirectoryEvent {
    /// The current rows by key, with the position since which each is in effect.
    let current: [P.Key: (row: P.Row, since: Position)]
    /// The superseded rows: key, row, since, until.
    let past: [(key: P.Key, row: P.Row, since: Position, until: Position)]

    init(_: P.Type, given payloads: [DirectoryEvent], by author: Author = .system) {
        let table = View(complete: true).table(P.self)
        for (index, payload) in payloads.enumerated() {
            table.apply(
                Event(
                    position: Position(index + 1), id: UUID(high: 0, low: UInt64(index)), payload: payload,
                    author: author,
                    recordedAt: Instant(microseconds: Int64(index + 1) * 1_000_000)))
        }
        let changes = table.takeChanges()
        current = changes.latest.compactMapValues { $0.map { ($0.row, $0.since) } }
        past = changes.past.map { ($0.key, $0.version.row, $0.version.since, $0.until) }
    }

    /// Whether each row is read back from its columns as it was.
    func survivesStorage(_ same: (P.Row, P.Row) -> Bool) throws -> Bool {
        for (key, version) in current.map({ ($0, $1.row) }) + past.map({ ($0.key, $0.row) }) {
            let values = P.values(of: version)
            let back = try P.row(at: try P.key(from: P.values(of: key)), from: values)
            guard same(back, version), P.values(of: back) == values, values.count == P.columns.row.count else {
                return false
            }
        }
        return true
    }
}

extension [UInt8] {
    var string: String { String(decoding: self, as: UTF8.self) }
}

/// The JSON of a status and a creation by the system, at these seconds.
func facts(active: Bool = true, changed: Int = 1, created: Int = 1, by author: String = "SYSTEM") -> String {
    func time(_ second: Int) -> String { "1970-01-01T00:00:0\(second).000000Z" }
    return """
        "active":\(active),"status":{"current":"\(active ? "ACTIVE" : "INACTIVE")","changedAt":"\(time(changed))",\
        "changedBy":"\(author)"},"created":{"createdAt":"\(time(created))","createdBy":"\(author)"}
        """
}
