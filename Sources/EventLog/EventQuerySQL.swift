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

    /// Tables for a WITH list. `span`: the positions between which to look where times say so. `bound`: see there.
    var tables: [String] { [span, bound].compactMap { $0 } }

    private var span: String? {
        guard shape.isTimed else { return nil }
        return """
            span as materialized (select greatest(\(names.after), \
            case when \(names.since) is not null then log.position_at(\(names.since)) end) as low, \
            least(\(names.through), case when \(names.until) is not null then log.position_at(\(names.until)) end, \
            (select max(position) from log.events)) as high)
            """
    }

    /// After which position to look.
    private var low: String { shape.isTimed ? "(select low from span)" : names.after }

    /// Up to which position to look.
    private var high: String {
        shape.isTimed ? "(select high from span)" : "coalesce(\(names.through), \(Int64.max))"
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
            \(ends.joined(separator: " union all "))) b (position) where \(isWithin("b.position"))) end as through)
            """
    }

    /// The events: each branch in order and cut at the limit, then all together. What is not an index condition is checked
    /// outside a fence: a planner that expects it to leave next to nothing would rather read and sort all.
    func select(_ columns: String) -> String {
        let parts = branches.map { branch in
            let conditions = [isWithin("position")] + inBound + branch.filters + filters
            let one = """
                select \(columns) from (select * from log.events \
                where \(self.conditions(branch).joined(separator: " and ")) order by \(order(branch)) limit \(most)) i \
                where \(conditions.joined(separator: " and ")) order by \(order(branch)) limit \(names.limit)
                """
            return branch.over.map { "(select found.* from \($0) cross join lateral (\(one)) found)" } ?? "(\(one))"
        }
        return "select * from (\(parts.joined(separator: " union all "))) e order by \(order) limit \(names.limit)"
    }

    /// How many events of a branch to look at, at most. Positions have no gaps, so a branch has at most as many as there
    /// are positions in between.
    private var most: String {
        let span = "greatest(\(high) - \(low), 0)"
        return shape.isBounded ? "least(case when \(names.isSelective) then \(names.scanLimit) end, \(span))" : span
    }

    /// The conditions by which an index leads to a branch's events, from where to begin. A column is compared together with the
    /// position, since the planner drops a column that must equal a constant from the order, and then takes the primary key,
    /// and filters. Such a comparison begins a walk and ends it only where the column's value does: `most` ends it before.
    private func conditions(_ branch: Branch) -> [String] {
        let walk: [String]
        switch branch.along {
        case (let column, let value?)?:
            let (after, through) = shape.order == .ascending ? (low, "\(Int64.max)") : ("0", high)
            // The index of related entities is of those events alone that have one: this says so.
            walk = [
                "\(column) is not null", "(\(column), position) > (\(value), \(after))",
                "(\(column), position) <= (\(value), \(through))",
            ]
        case (let column, nil)?: walk = ["\(column) is null", "position > \(low)", "position <= \(high)"]
        case nil: walk = ["position > \(low)", "position <= \(high)"]
        }
        return walk + [branch.condition].compactMap { $0 }
    }

    /// That a position is not beyond where to look.
    private func isWithin(_ position: String) -> String {
        shape.order == .ascending ? "\(position) <= \(high)" : "\(position) > \(low)"
    }

    /// The order of a branch's index.
    private func order(_ branch: Branch) -> String {
        branch.along.map { "\($0.column) \(shape.order.rawValue), \(order)" } ?? order
    }

    /// That an event is not beyond the bound.
    private var inBound: [String] {
        guard shape.isBounded else { return [] }
        return switch shape.order {
        case .ascending: ["position <= coalesce((select through from bound), \(Int64.max))"]
        case .descending: ["position >= coalesce((select through from bound), 0)"]
        }
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
        case .entity: return entity
        case .organizationEntity:
            let id = names.entity
            let others = ["type = any(\(names.entityTypes))", "stream <> \(id)", "related is distinct from \(id)"]
            return entity + [Branch(along: ("organization", id), filters: others)]
        }
    }

    /// An entity's own events, and those related to it.
    private var entity: [Branch] {
        [
            Branch(along: ("stream", names.entity)),
            Branch(along: ("related", names.entity), filters: ["stream <> \(names.entity)"]),
        ]
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
