import EventSourcing
import Postgres

/// Loads and writes the rows of one side table.
struct SideStore<T: SideTable>: TableStore {
    private let select: Statement
    private let upsert: RowWrite
    private let delete: RowWrite

    init(_: T.Type) {
        let (key, all) = (T.columns.key, T.columns.key + T.columns.row)
        let keyNames = columnList(key)
        let match = key.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ")
        let changes = T.columns.row.map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")
        let insert = "insert into \(T.name) (\(columnList(all)))"
        let replace = "on conflict (\(keyNames)) do " + (changes.isEmpty ? "nothing" : "update set \(changes)")
        select = Statement(
            "select \(columnList(all, of: "t")) from \(T.name) t join \(ColumnParameters(key).table) on \(match)")
        upsert = RowWrite(
            all, many: { "\(insert) select * from \($0.table) \(replace)" },
            one: { "\(insert) values (\($0.list)) \(replace)" })
        delete = RowWrite(
            key, many: { "delete from \(T.name) t using \($0.table) where \(match)" },
            one: { parameters in
                let own = key.map { "\($0.name) = \(parameters[$0])" }.joined(separator: " and ")
                return "delete from \(T.name) where \(own)"
            })
    }

    var target: LoadTarget { LoadTarget(T.self) }

    func reads(_ loads: [Load]) -> [Read] {
        let keys = loads.compactMap { if case .row(_, let key) = $0 { key } else { nil } }
        guard !keys.isEmpty else { return [] }
        let (key, row) = T.columns
        return [
            Read(statement: select, parameters: arrays(of: keys, key)) { rows, view in
                let side = view.side(T.self)
                for found in rows {
                    let own = try T.key(from: try found.values(key, from: 0))
                    side.insert(try T.row(at: own, from: try found.values(row, from: key.count)), at: own)
                }
                for key in keys { side.insert(nil, at: try T.key(from: key)) }
            }
        ]
    }

    func holds(_ load: Load, in view: View) -> Bool {
        guard case .row(_, let key) = load, let key = try? T.key(from: key) else { return false }
        return view.side(T.self).find(key) != nil
    }

    func writes(from view: View) -> @Sendable () -> [(Statement, [Parameter])] {
        let writes = view.side(T.self).takeWrites()
        return {
            let rows = writes.compactMap { key, row in row.map { T.values(of: key) + T.values(of: $0) } }
            let removed = writes.filter { $0.row == nil }.map { T.values(of: $0.key) }
            return [upsert.step(rows), delete.step(removed)].compactMap { $0 }
        }
    }
}
