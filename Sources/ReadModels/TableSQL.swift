import EventSourcing
import Postgres

/// The statements of one projection's tables, made from its declaration. Values are parameters: an array for each column.
struct TableSQL: Sendable {
    let selectByKey: Statement
    let insert: Statement
    let update: Statement
    let delete: Statement
    let insertPast: Statement
    private let schema: String
    private let key: [Column]
    private let columns: [Column]

    init(schema: String, key: [Column], row: [Column]) {
        self.schema = schema
        self.key = key
        columns = key + row
        let all = key + row + [Column("since", .integer)]
        let names = all.map(\.name).joined(separator: ", ")
        let match = key.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ")
        let changed = all.dropFirst(key.count)
        selectByKey = Statement(
            "select \(TableSQL.list(all, of: "t")) from \(schema).current t join \(TableSQL.unnest(key)) on \(match)")
        insert = Statement("insert into \(schema).current (\(names)) select * from \(TableSQL.unnest(all))")
        update = Statement(
            """
            update \(schema).current t set \(changed.map { "\($0.name) = u.\($0.name)" }.joined(separator: ", ")) \
            from \(TableSQL.unnest(all)) where \(match)
            """)
        delete = Statement("delete from \(schema).current t using \(TableSQL.unnest(key)) where \(match)")
        let past = all + [Column("until", .integer)]
        insertPast = Statement("insert into \(schema).past (\(names), until) select * from \(TableSQL.unnest(past))")
    }

    func select(by names: [String]) -> Statement {
        let by = names.compactMap { name in columns.first { $0.name == name } }
        let match = by.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ")
        return Statement("\(select) join (select distinct * from \(TableSQL.unnest(by))) u on \(match)")
    }

    func select(_ walk: Walk) -> Statement {
        Statement("\(select) where (\(TableSQL.list(key, of: "t"))) in (\(walk.keys))")
    }

    private var select: String {
        "select \(TableSQL.list(columns + [Column("since", .integer)], of: "t")) from \(schema).current t"
    }

    /// Tables first, indexes when the rows are there: a rebuild fills tables faster without them.
    static func split(_ schema: String) -> (tables: String, indexes: String) {
        // Comments go first: they may have semicolons of their own.
        let code = schema.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
        let statements = code.split(separator: ";")
        let meaningful = statements.filter { $0.contains { !$0.isWhitespace } }
        let indexes = meaningful.filter { $0.drop { $0.isWhitespace }.hasPrefix("create index") }
        let tables = meaningful.filter { !$0.drop { $0.isWhitespace }.hasPrefix("create index") }
        return ((tables + [""]).joined(separator: ";\n"), (indexes + [""]).joined(separator: ";\n"))
    }

    private static func list(_ columns: [Column], of table: String) -> String {
        columns.map { "\(table).\($0.name)" }.joined(separator: ", ")
    }

    private static func unnest(_ columns: [Column]) -> String {
        let arrays = columns.enumerated().map { "$\($0 + 1)::\($1.type.sql)[]" }.joined(separator: ", ")
        return "unnest(\(arrays)) as u(\(columns.map(\.name).joined(separator: ", ")))"
    }
}

extension ColumnType {
    /// The type's name in SQL.
    var sql: String {
        switch self {
        case .uuid: "uuid"
        case .text: "text"
        case .json: "json"
        case .integer: "bigint"
        case .bool: "boolean"
        case .bytes: "bytea"
        }
    }

    /// The type of the elements of its arrays.
    var element: ElementType {
        switch self {
        case .uuid: .uuid
        case .text: .text
        case .json: .json
        case .integer: .int8
        case .bool: .bool
        case .bytes: .bytea
        }
    }
}
