import EventSourcing
import Postgres

/// How pages of entities are read as SQL. Each element costs a fixed number of index probes, wherever in the list the page is
/// and however large the list: a row `k` of `current`, by its key, and its version at the list's moment.
struct PageSQL<P: Projection> {
    private let sql: ReadSQL
    private let columns: String
    /// What comes before the keys: a table `ctx` and a join with it, where the elements need the caller.
    private let context: String
    private let caller: String
    /// The condition that a row `k` is in the list's organization.
    private let scope: String
    /// The version of a row `k` at the list's moment, and the caller's roles there, where they are asked for.
    private let version: String

    /// - Parameters:
    ///   - alias: what the columns call the element.
    ///   - context: the table `ctx`, where the columns need it.
    ///   - roles: the caller's roles in an element, for columns and conditions that call them `r.roles`: they are found once an
    ///     element, however many of those there are.
    ///   - organization: the parameter with the organization whose entities these are; `nil` for entities of none.
    init(
        _: P.Type, _ sql: ReadSQL, _ columns: String, as alias: String = "e", context: String? = nil,
        roles: String? = nil, in organization: String? = nil
    ) {
        (self.sql, self.columns) = (sql, columns)
        let withRoles = roles.map { " cross join lateral (select \($0) as roles offset 0) r" } ?? ""
        version = sql.version(P.self, of: "k", as: alias) + withRoles
        self.context = context.map { "with \($0)" } ?? ""
        caller = context == nil ? "" : "ctx cross join"
        scope = organization.map { "k.organization = \($0)" } ?? "true"
    }

    /// Along the order of creation itself.
    func along<Filter>(_ parameters: ReadParameters<PageOf<Filter>>) -> String {
        """
        \(context) select \(columns) from \(caller) \(P.schemaName).current k \(version)
        where \(scope) and k.created > \(parameters.after()) and k.created <= \(sql.position)
        order by k.created limit \(parameters.limit())
        """
    }

    /// By keys that a subquery finds, in its own order and within the page's span: a table `u (key)`.
    func selected(by keys: String) -> String {
        """
        \(context) select \(columns) from \(caller) (\(keys)) u (key) cross join lateral (\(row)) k \(version)
        order by u.key
        """
    }

    /// By the keys that were found, in their order.
    func byKeys(_ parameters: ReadParameters<PageByKeys>, where condition: String = "true") -> String {
        let keys = parameters.ints { $0.argument.keys }
        return """
            \(context) select \(columns) from \(caller) unnest(\(keys)) with ordinality u (key, place)
            cross join lateral (\(row)) k \(version) where \(condition) order by u.place
            """
    }

    private var row: String { "select * from \(P.schemaName).current k where \(scope) and k.created = u.key offset 0" }
}

extension Parameters {
    /// The key after which a page starts.
    func after<Filter>() -> String where Input == ReadInput<PageOf<Filter>> { int { $0.argument.span.after } }

    /// How many rows a page reads: one more than it shows, to know whether there are more.
    func limit<Filter>() -> String where Input == ReadInput<PageOf<Filter>> {
        int { Int64($0.argument.span.limit) + 1 }
    }

    /// The organization of a page along an index.
    func organization<Filter>() -> String where Input == ReadInput<PageOf<Filter>> {
        uuid { $0.argument.organization }
    }

    /// The organization of a page by keys.
    func organization() -> String where Input == ReadInput<PageByKeys> { uuid { $0.argument.organization } }
}
