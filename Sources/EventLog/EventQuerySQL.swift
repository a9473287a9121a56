/// The text of a query of the log.
struct EventQuerySQL {
    let shape: EventQuery.Shape
    let reader: EventQuery.Reader?
    let names: EventQueryParameters

    init(shape: EventQuery.Shape, reader: EventQuery.Reader?, _ names: EventQueryParameters) {
        (self.shape, self.reader, self.names) = (shape, reader, names)
    }

    /// Events that one index holds in order. The branches of a query have no event in common.
    private struct Branch {
        /// Along which index: a column and its value, whose events it has in order of position; all events without one.
        var along: (column: String, value: String?)?
        /// A table to go over, for each row of which the index is asked.
        var over: String?
        /// A condition that does not depend on the event.
        var condition: String?
        var filters: [String] = []
    }

    /// The order of positions.
    var order: String { "position \(shape.order.rawValue)" }

    /// Tables for a WITH list. `span`: the positions between which to look where times say so, computed once, and index
    /// conditions from there on. `bound`: see there.
    var tables: [String] { [span, bound].compactMap { $0 } }

    private var span: String? {
        guard shape.isTimed else { return nil }
        return """
            span as materialized (select greatest(\(names.after), \
            case when \(names.since) is not null then log.position_at(\(names.since)) end) as low, \
            least(\(names.through), case when \(names.until) is not null then log.position_at(\(names.until)) end, \
            \(Int64.max)) as high)
            """
    }

    /// The position through which to look: where the first branch has given as many events as may be looked at.
    private var bound: String? {
        guard shape.isBounded else { return nil }
        let least = shape.order == .ascending ? "min" : "max"
        let ends = branches.map { branch in
            let end = """
                (select position from log.events where \(conditions(branch).joined(separator: " and ")) \
                order by \(order(branch)) offset \(names.scanLimit) - 1 limit 1)
                """
            return branch.over.map { "select \(end) from \($0)" } ?? "select \(end)"
        }
        return """
            bound as materialized (select case when \(names.isSelective) then (select \(least)(b.position) from (\
            \(ends.joined(separator: " union all "))) b (position)) end as through)
            """
    }

    /// The events: each branch in order and cut at the limit, then all together.
    func select(_ columns: String) -> String {
        let parts = branches.map { branch in
            let conditions = conditions(branch) + inBound(branch) + branch.filters + filters
            let one = """
                select \(columns) from log.events where \(conditions.joined(separator: " and ")) \
                order by \(order(branch)) limit \(names.limit)
                """
            return branch.over.map { "(select found.* from \($0) cross join lateral (\(one)) found)" } ?? "(\(one))"
        }
        return "select * from (\(parts.joined(separator: " union all "))) e order by \(order) limit \(names.limit)"
    }

    /// The conditions by which an index leads to a branch's events. A column is compared together with the position, since
    /// the planner drops a column that must equal a constant from the order, and then takes the primary key, and filters.
    private func conditions(_ branch: Branch) -> [String] {
        let (low, high) =
            shape.isTimed
            ? ("(select low from span)", "(select high from span)")
            : (names.after, "coalesce(\(names.through), \(Int64.max))")
        let span: [String]
        switch branch.along {
        case (let column, let value?)?:
            // The index of related entities is of those events alone that have one: this says so.
            span = [
                "\(column) is not null", "(\(column), position) > (\(value), \(low))",
                "(\(column), position) <= (\(value), \(high))",
            ]
        case (let column, nil)?:
            span = ["\(column) is null", "position > \(low)", "position <= \(high)"]
        case nil: span = ["position > \(low)", "position <= \(high)"]
        }
        return span + [branch.condition].compactMap { $0 }
    }

    /// The order of a branch's index.
    private func order(_ branch: Branch) -> String {
        branch.along.map { "\($0.column) \(shape.order.rawValue), \(order)" } ?? order
    }

    /// That an event is not beyond the bound; told of column and position together, as in `conditions`.
    private func inBound(_ branch: Branch) -> [String] {
        guard shape.isBounded else { return [] }
        let isAscending = shape.order == .ascending
        let through = "coalesce((select through from bound), \(isAscending ? Int64.max : 0))"
        let comparison = isAscending ? "<=" : ">="
        guard case (let column, let value?)? = branch.along else { return ["position \(comparison) \(through)"] }
        return ["(\(column), position) \(comparison) (\(value), \(through))"]
    }

    private var branches: [Branch] {
        switch shape.route {
        case .log: return reader.map(trails) ?? [Branch()]
        case .organization: return [Branch(along: ("organization", names.organization))]
        case .actor:
            return [
                Branch(along: ("actor", names.actor), condition: "not \(names.bySystem)"),
                Branch(along: ("actor", nil), condition: names.bySystem),
            ]
        case .entity:
            let id = names.entity
            return [
                Branch(along: ("stream", id)),
                Branch(along: ("related", id), filters: ["stream <> \(id)"]),
                Branch(
                    along: ("organization", id),
                    filters: [
                        "type = any(\(names.entityTypes))", "stream <> \(id)", "related is distinct from \(id)",
                    ]),
            ]
        }
    }

    /// All that a reader may read.
    private func trails(_ reader: EventQuery.Reader) -> [Branch] {
        [
            Branch(condition: reader.everything),
            Branch(along: ("organization", "trail.place"), over: "unnest(\(reader.organizations)) trail (place)"),
            Branch(along: ("stream", reader.stream), filters: ["organization is null"]),
        ]
    }

    private var filters: [String] {
        func given(_ name: String, _ condition: (String) -> String) -> String {
            "(\(name) is null or \(condition(name)))"
        }
        var filters = [
            given(names.kind) {
                """
                stream_type = \($0) or related is not null and type = any(\(names.kindRelated)) \
                or organization is not null and type = any(\(names.kindOrganization))
                """
            },
            given(names.actor) { "actor = \($0)" }, "(not \(names.bySystem) or actor is null)",
            given(names.organization) { "organization = \($0)" },
            given(names.type) { "type = \($0)" }, given(names.typePrefix) { "starts_with(type, \($0))" },
            "(cardinality(\(names.types)) = 0 or type = any(\(names.types)))",
            given(names.requestID) { "origin ->> 'requestId' = \($0)" },
        ]
        if let reader, shape.route != .log {
            filters.append(
                """
                (\(reader.everything) or organization = any(\(reader.organizations)) \
                or organization is null and stream = \(reader.stream))
                """)
        }
        return filters
    }
}
