import EventSourcing
import Postgres

/// The statements of one projection's tables, made from its declaration.
///
/// An update moves the version in effect so far to the past, which the table does by itself: its rows end with `until`, and
/// those of a deletion are key and `until`. For employees, shortened and with the columns' names for parameters, the update of a
/// single one reads:
///
///     with ended as (insert into employees_v1.past (id, json, since, until)
///         select id, json, since, <until> from employees_v1.current where id = <id>)
///     update employees_v1.current set json = <json>, since = <since> where id = <id>
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
        selectByKey = Statement("\(table.select) join \(ColumnParameters(key).table) on \(table.match)")
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
        let wanted = "(select distinct * from \(ColumnParameters(by).table)) u"
        if most == .max { return Statement("\(table.select) join \(wanted) on \(match)") }
        return Statement(
            "select t.* from \(wanted) cross join lateral (\(table.select) where \(match) limit \(most + 1)) t")
    }

    /// Finds the rows that a walk reaches.
    func select(_ walk: Walk) -> Statement {
        Statement("\(table.select) where (\(columnList(table.key, of: "t"))) in (\(walk.text))")
    }

    /// Finds what a lookup finds by each of the values that a walk gives; values that find nothing have a row of nulls.
    func select(_ walk: Walk, by names: [String]) -> Statement {
        let match = names.map { "t.\($0) = u.\($0)" }.joined(separator: " and ")
        let values = names.map { "u.\($0)" }.joined(separator: ", ")
        return Statement(
            """
            select \(values), \(columnList(table.all, of: "t")) from (\(walk.text)) u (\(names.joined(separator: ", "))) \
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

    /// Whether a row of the table is that of the parameters.
    private func own(_ parameters: ColumnParameters) -> String {
        key.map { "\($0.name) = \(parameters[$0])" }.joined(separator: " and ")
    }

    func insert(into name: String, _ columns: [Column]) -> RowWrite {
        let target = "insert into \(schema).\(name) (\(columnList(columns)))"
        return RowWrite(
            columns, many: { "\(target) select * from \($0.table)" }, one: { "\(target) values (\($0.list))" })
    }

    var update: RowWrite {
        func set(_ value: (Column) -> String) -> String {
            all.dropFirst(key.count).map { "\($0.name) = \(value($0))" }.joined(separator: ", ")
        }
        return RowWrite(
            all + [Table.until],
            many: { parameters in
                """
                with \(endedMany(parameters)) \
                update \(schema).current t set \(set { "u.\($0.name)" }) from u where \(match)
                """
            },
            one: { parameters in
                """
                with \(endedOne(parameters)) update \(schema).current set \(set { parameters[$0] }) \
                where \(own(parameters))
                """
            })
    }

    var delete: RowWrite {
        RowWrite(
            key + [Table.until],
            many: { "with \(endedMany($0)) delete from \(schema).current t using u where \(match)" },
            one: { "with \(endedOne($0)) delete from \(schema).current where \(own($0))" })
    }

    /// Moves what was in effect until the parameter `until`.
    private func endedOne(_ parameters: ColumnParameters) -> String {
        """
        ended as (\(past) select \(columnList(all)), \(parameters[Table.until]) from \(schema).current \
        where \(own(parameters)))
        """
    }

    /// Moves what was in effect until the column `until` of `u`, which are the parameters.
    private func endedMany(_ parameters: ColumnParameters) -> String {
        """
        u as materialized (select * from \(parameters.table)), \
        ended as (\(past) select \(columnList(all, of: "t")), u.until from u join \(schema).current t on \(match))
        """
    }

    private var past: String { "insert into \(schema).past (\(columnList(all + [Table.until])))" }
}

func columnList(_ columns: [Column], of table: String? = nil) -> String {
    columns.map { column in table.map { "\($0).\(column.name)" } ?? column.name }.joined(separator: ", ")
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
