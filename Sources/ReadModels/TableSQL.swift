import EventSourcing
import Postgres

/// The statements of one projection's tables, made from its declaration. Values are parameters: an array for each column.
struct TableSQL: Sendable {
    let selectByKey: Statement
    let insert: RowWrite
    /// Its rows end with `until`, for the version that stood so far, which goes to the past; so do those of `delete`.
    let update: RowWrite
    let delete: RowWrite
    let insertPast: RowWrite
    private let schema: String
    private let key: [Column]
    private let columns: [Column]

    init(schema: String, key: [Column], row: [Column]) {
        self.schema = schema
        self.key = key
        columns = key + row
        let all = columns + [Column("since", .integer)], past = all + [Column("until", .integer)]
        let rows = TableSQL.list(all), pastRows = TableSQL.list(past)
        let match = key.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ")
        func places(_ columns: [Column]) -> String { columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ") }
        func assignments(_ value: (Int) -> String, _ range: Range<Int>, _ separator: String) -> String {
            range.map { "\(all[$0].name) = \(value($0))" }.joined(separator: separator)
        }
        let own = assignments({ "$\($0 + 1)" }, 0..<key.count, " and ")
        // What ends is moved by the table itself, which has it already.
        func ended(one until: Int) -> String {
            """
            ended as (insert into \(schema).past (\(pastRows)) \
            select \(rows), $\(until) from \(schema).current where \(own))
            """
        }
        func ended(many columns: [Column]) -> String {
            """
            u as materialized (select * from \(TableSQL.unnest(columns))), \
            ended as (insert into \(schema).past (\(pastRows)) \
            select \(TableSQL.list(all, of: "t")), u.until from u join \(schema).current t on \(match))
            """
        }

        selectByKey = Statement(
            "select \(TableSQL.list(all, of: "t")) from \(schema).current t join \(TableSQL.unnest(key)) on \(match)")
        insert = RowWrite(
            many: "insert into \(schema).current (\(rows)) select * from \(TableSQL.unnest(all))",
            one: "insert into \(schema).current (\(rows)) values (\(places(all)))")
        let changed = key.count..<all.count
        update = RowWrite(
            many: """
                with \(ended(many: past)) update \(schema).current t \
                set \(assignments({ "u.\(all[$0].name)" }, changed, ", ")) from u where \(match)
                """,
            one: """
                with \(ended(one: past.count)) update \(schema).current \
                set \(assignments({ "$\($0 + 1)" }, changed, ", ")) where \(own)
                """)
        delete = RowWrite(
            many: "with \(ended(many: key + past.suffix(1))) delete from \(schema).current t using u where \(match)",
            one: "with \(ended(one: key.count + 1)) delete from \(schema).current where \(own)")
        insertPast = RowWrite(
            many: "insert into \(schema).past (\(pastRows)) select * from \(TableSQL.unnest(past))",
            one: "insert into \(schema).past (\(pastRows)) values (\(places(past)))")
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

    private static func list(_ columns: [Column], of table: String? = nil) -> String {
        columns.map { column in table.map { "\($0).\(column.name)" } ?? column.name }.joined(separator: ", ")
    }

    private static func unnest(_ columns: [Column]) -> String {
        let arrays = columns.enumerated().map { "$\($0 + 1)::\($1.type.sql)[]" }.joined(separator: ", ")
        return "unnest(\(arrays)) as u(\(columns.map(\.name).joined(separator: ", ")))"
    }
}

/// A write of rows: of many as an array for each column, of a single one as plain values, for a lone command need not pay
/// for arrays.
struct RowWrite: Sendable {
    let many: Statement
    let one: Statement

    init(many: String, one: String) {
        self.many = Statement(many)
        self.one = Statement(one)
    }
}

extension ColumnType {
    /// The type's name in SQL.
    var sql: String { element.sqlName }

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
