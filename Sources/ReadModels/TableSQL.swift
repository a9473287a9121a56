import EventSourcing
import Postgres

/// The statements of one projection's tables, made from its declaration.
///
/// An update moves the version in effect so far to the past, which the table does by itself: its rows end with `until`, and
/// those of a deletion are key and `until`. For employees, shortened, the update of a single one reads:
///
///     with ended as (insert into employees_v1.past (id, json, since, until)
///         select id, json, since, $4 from employees_v1.current where id = $1)
///     update employees_v1.current set json = $2, since = $3 where id = $1
struct TableSQL: Sendable {
    let selectByKey: Statement
    let insert: RowWrite
    let update: RowWrite
    let delete: RowWrite
    let insertPast: RowWrite
    private let table: Table

    init(schema: String, key: [Column], row: [Column]) {
        let table = Table(schema: schema, key: key, row: row)
        self.table = table
        selectByKey = Statement("\(table.select) join \(unnest(key)) on \(table.match)")
        insert = table.insert(into: "current", table.all)
        insertPast = table.insert(into: "past", table.all + [Table.until])
        update = table.update
        delete = table.delete
    }

    /// Finds rows by other columns than the key: all, or of each as many as tell that there are more than `most`.
    func select(by names: [String], most: Int) -> Statement {
        let by = names.compactMap { name in table.all.first { $0.name == name } }
        precondition(by.count == names.count, "\(table.schema) is looked up by a column that it does not have")
        let match = by.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ")
        let wanted = "(select distinct * from \(unnest(by))) u"
        if most == .max { return Statement("\(table.select) join \(wanted) on \(match)") }
        return Statement(
            "select t.* from \(wanted) cross join lateral (\(table.select) where \(match) limit \(most + 1)) t")
    }

    /// Finds the rows that a walk reaches.
    func select(_ walk: Walk) -> Statement {
        Statement("\(table.select) where (\(columnList(table.key, of: "t"))) in (\(walk.keys))")
    }

    /// Finds what a lookup finds by each of the values that a walk gives; values that find nothing have a row of nulls.
    func select(_ walk: Walk, by names: [String]) -> Statement {
        let match = names.map { "t.\($0) = u.\($0)" }.joined(separator: " and ")
        let values = names.map { "u.\($0)" }.joined(separator: ", ")
        return Statement(
            """
            select \(values), \(columnList(table.all, of: "t")) from (\(walk.keys)) u (\(names.joined(separator: ", "))) \
            left join lateral (\(table.select) where \(match) offset 0) t on true
            """)
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
}

/// What the statements of a table are made of.
private struct Table: Sendable {
    static let since = Column("since", .integer), until = Column("until", .integer)

    let schema: String
    let key: [Column]
    /// All columns of `current`.
    let all: [Column]

    init(schema: String, key: [Column], row: [Column]) {
        self.schema = schema
        self.key = key
        all = key + row + [Table.since]
    }

    var select: String { "select \(columnList(all, of: "t")) from \(schema).current t" }

    /// Whether a row `t` of the table is that of a row `u` of the parameters.
    var match: String { key.map { "t.\($0.name) = u.\($0.name)" }.joined(separator: " and ") }

    /// Whether a row of the table is that of the parameters, the first of which are its key.
    private var own: String {
        key.enumerated().map { "\($1.name) = $\($0 + 1)" }.joined(separator: " and ")
    }

    func insert(into name: String, _ columns: [Column]) -> RowWrite {
        let target = "insert into \(schema).\(name) (\(columnList(columns)))"
        return RowWrite(
            columns, many: "\(target) select * from \(unnest(columns))",
            one: "\(target) values (\(columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")))")
    }

    var update: RowWrite {
        let columns = all + [Table.until]
        func set(_ value: (Int) -> String) -> String {
            (key.count..<all.count).map { "\(all[$0].name) = \(value($0))" }.joined(separator: ", ")
        }
        return RowWrite(
            columns,
            many: """
                with \(ended(many: columns)) \
                update \(schema).current t set \(set { "u.\(all[$0].name)" }) from u where \(match)
                """,
            one: """
                with \(ended(one: columns.count)) update \(schema).current set \(set { "$\($0 + 1)" }) where \(own)
                """)
    }

    var delete: RowWrite {
        let columns = key + [Table.until]
        return RowWrite(
            columns, many: "with \(ended(many: columns)) delete from \(schema).current t using u where \(match)",
            one: "with \(ended(one: columns.count)) delete from \(schema).current where \(own)")
    }

    /// Moves what was in effect until the parameter `until`.
    private func ended(one until: Int) -> String {
        "ended as (\(past) select \(columnList(all)), $\(until) from \(schema).current where \(own))"
    }

    /// Moves what was in effect until the column `until` of `u`, which are the parameters.
    private func ended(many columns: [Column]) -> String {
        """
        u as materialized (select * from \(unnest(columns))), \
        ended as (\(past) select \(columnList(all, of: "t")), u.until from u join \(schema).current t on \(match))
        """
    }

    private var past: String { "insert into \(schema).past (\(columnList(all + [Table.until])))" }
}

func columnList(_ columns: [Column], of table: String? = nil) -> String {
    columns.map { column in table.map { "\($0).\(column.name)" } ?? column.name }.joined(separator: ", ")
}

func unnest(_ columns: [Column]) -> String {
    let arrays = columns.enumerated().map { "$\($0 + 1)::\($1.type.sql)[]" }.joined(separator: ", ")
    return "unnest(\(arrays)) as u(\(columns.map(\.name).joined(separator: ", ")))"
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
        case .instant: .timestamptz
        }
    }
}
