import EventSourcing
import FoundationEssentials
import Postgres

/// Loads and writes the rows of one projection.
struct Store<P: Projection>: ReadModel {
    let schema: String
    private let sql: TableSQL
    private let searches: [Search]

    /// How rows are found by a lookup.
    private struct Search {
        let lookup: Lookup<P>
        let columns: [Column]
        let statement: Statement
    }

    init(_: P.Type, schema: String = P.schemaName) {
        self.schema = schema
        let sql = TableSQL(schema: schema, key: P.columns.key, row: P.columns.row)
        self.sql = sql
        searches = P.lookups.map { lookup in
            Search(
                lookup: lookup,
                columns: lookup.columns.map { name in
                    (P.columns.key + P.columns.row).first { $0.name == name } ?? Column(name, .text)
                }, statement: sql.select(by: lookup.columns, most: lookup.most))
        }
    }

    var name: String { P.name }
    var version: Int { P.version }
    var target: LoadTarget { LoadTarget(P.self) }
    var columns: [Column] { P.columns.key + P.columns.row }
    var definition: (tables: String, indexes: String) { TableSQL.split(P.schema) }
    var topics: Set<P.Payload.Topic> { P.topics }

    func inSchema(_ schema: String) -> any ReadModel<P.Payload> { Store(P.self, schema: schema) }

    // MARK: Loading

    func reads(_ loads: [Load]) -> [Read] {
        var keys: [[ColumnValue]] = []
        var lookups: [Int: [[ColumnValue]]] = [:]
        var walks: [Walk: [ColumnValue]] = [:]
        for load in loads {
            switch load {
            case .row(_, let key): keys.append(key)
            case .lookup(_, let ordinal, let values): lookups[ordinal, default: []].append(values)
            case .walk(_, let walk, let start): walks[walk, default: []].append(start)
            }
        }
        var reads = walks.map { read($0, from: $1) }
        if !keys.isEmpty { reads.append(read(keys)) }
        for (ordinal, values) in lookups { reads.append(read(ordinal, values)) }
        return reads
    }

    func holds(_ load: Load, in view: View) -> Bool {
        let table = view.table(P.self)
        switch load {
        case .row(_, let values): return (try? P.key(from: values)).map { table.find($0) != nil } ?? false
        case .lookup(_, let ordinal, let values):
            let lookup = searches[ordinal].lookup
            return table.find(lookup, values) != nil || table.exceeds(lookup, values)
        case .walk: return false
        }
    }

    private func read(_ keys: [[ColumnValue]]) -> Read {
        Read(statement: sql.selectByKey, parameters: arrays(of: keys, P.columns.key)) { rows, view in
            let table = view.table(P.self)
            try insert(rows, into: table)
            // What was asked for and not found does not exist, and that is known from now on.
            for values in keys { table.insert(nil, at: try P.key(from: values)) }
        }
    }

    private func read(_ ordinal: Int, _ values: [[ColumnValue]]) -> Read {
        let search = searches[ordinal], lookup = search.lookup
        return Read(statement: search.statement, parameters: arrays(of: values, search.columns)) { rows, view in
            let table = view.table(P.self)
            var found: [[ColumnValue]: [P.Key]] = [:]
            for (key, row) in try insert(rows, into: table) {
                if let values = lookup.values(row) { found[values, default: []].append(key) }
            }
            for values in values { table.insert(found[values] ?? [], ordinal: ordinal, values: values) }
        }
    }

    private func read(_ walk: Walk, from starts: [ColumnValue]) -> Read {
        let parameters = walk.parameters.map { Parameter($0, from: starts) }
        guard let ordinal = walk.lookup else {
            return Read(statement: sql.select(walk), parameters: parameters) { rows, view in
                try insert(rows, into: view.table(P.self))
            }
        }
        let lookup = searches[ordinal].lookup, by = searches[ordinal].columns
        return Read(statement: sql.select(walk, by: lookup.columns), parameters: parameters) { rows, view in
            let table = view.table(P.self)
            var found: [[ColumnValue]: [P.Key]] = [:]
            for index in 0..<rows.count {
                let values = try rows[index].values(by, from: 0)
                found[values, default: []] +=
                    try rows[index].values(P.columns.key, from: by.count).contains(.null)
                    ? [] : [try insert(rows[index], from: by.count, into: table).key]
            }
            for (values, keys) in found { table.insert(keys, ordinal: ordinal, values: values) }
        }
    }

    @discardableResult
    private func insert(_ rows: Rows, into table: RowTable<P>) throws -> [(P.Key, P.Row)] {
        var inserted: [(P.Key, P.Row)] = []
        inserted.reserveCapacity(rows.count)
        for index in 0..<rows.count {
            let (key, row) = try insert(rows[index], from: 0, into: table)
            if let row { inserted.append((key, row)) }
        }
        return inserted
    }

    /// Takes the row whose columns begin at an index.
    /// - Returns: its key, and what the table holds there now.
    private func insert(_ row: Row, from first: Int, into table: RowTable<P>) throws -> (key: P.Key, row: P.Row?) {
        let key = try P.key(from: try row.values(P.columns.key, from: first))
        // Walks meet the same rows again and again. What is held is the same, or what the batch made of it.
        if let held = table.find(key) { return (key, held?.row) }
        let value = try P.row(at: key, from: try row.values(P.columns.row, from: first + P.columns.key.count))
        table.insert(Versioned(value, since: try row.int(first + columns.count)), at: key)
        return (key, value)
    }

    // MARK: Folding

    func loads(for payloads: [P.Payload], in view: View) -> [Load] { P.loads(for: payloads, in: view) }

    func apply(_ event: Event<P.Payload>, in view: View) { P.fold(event, in: view) }

    // MARK: Erasing

    var canBeErased: Bool { P.erasedBy != nil }

    func deletions(erasing stream: UUID) -> [(Statement, [Parameter])] {
        guard let column = P.erasedBy else { return [] }
        return ["current", "past"].map { table in
            let query = Query<UUID> { "delete from \(schema).\(table) where \(column) = \($0.uuid { $0 })" }
            return (query.statement, query.parameters(stream))
        }
    }

    // MARK: Writing

    func writes(from view: View) -> @Sendable () -> [(Statement, [Parameter])] {
        let changes = view.table(P.self).takeChanges()
        return { writes(of: changes) }
    }

    private func writes(of changes: Changes<P>) -> [(Statement, [Parameter])] {
        guard !changes.isEmpty else { return [] }
        let writes = changes.writes
        return [
            sql.delete.step(writes.deleted.map { P.values(of: $0.key) + [.integer($0.until)] }),
            sql.insert.step(writes.inserted.map { values($0.key, $0.version) }),
            sql.update.step(writes.updated.map { values($0.key, $0.version) + [.integer($0.until)] }),
            sql.insertPast.step(writes.passing.map { values($0.key, $0.version) + [.integer($0.until)] }),
        ].compactMap { $0 }
    }

    private func values(_ key: P.Key, _ version: Versioned<P.Row>) -> [ColumnValue] {
        P.values(of: key) + P.values(of: version.row) + [.integer(version.since)]
    }
}
