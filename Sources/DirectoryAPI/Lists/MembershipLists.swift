import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupMembershipsProjection
import GroupsProjection
import Postgres

extension EntityList {
    /// The memberships of a group's members, as far as the caller sees these.
    /// - Parameter isTransitive: whether members of groups that are members count as well.
    static func members(_ filter: MemberFilter, isTransitive: Bool, _ scope: ListScope) -> EntityList {
        var filter = filter
        filter.seesAccounts = scope.facts.has(.readAccounts)
        return isTransitive
            ? .memberships(found: MembershipLists.membersBelow[filter.shape], filter)
            : .along(MembershipLists.members[filter.shape], filter) { json, _ in json }
    }

    /// The memberships of an entity in groups of an organization that are ACTIVE.
    /// - Parameter isTransitive: whether those of the groups count as well.
    static func groups(of member: UUID, isTransitive: Bool) -> EntityList {
        isTransitive
            ? .memberships(found: MembershipLists.groupsAbove, member)
            : .along(MembershipLists.groups, member) { json, _ in json }
    }

    private static func memberships<Argument>(
        found keys: ReadStatement<FoundBy<Argument>, [Int64]>, _ argument: Argument
    ) -> EntityList {
        .found(by: keys, argument, MembershipLists.byKeys, render: { json, _ in json })
    }
}

/// The statements that list memberships; the key of one is the position of the event by which it began.
///
/// A membership counts while its group is ACTIVE and, where the member is a group, that as well: transitive lists follow and
/// show no others. All of a group's own members are listed, whatever its status, and of an entity's groups those that are ACTIVE.
enum MembershipLists {
    /// What narrows a list of members: each shape goes along an index of its own.
    enum Shape: CaseIterable { case all, ofType, ofMember }

    /// What there is for each shape.
    struct EachShape<Value: Sendable>: Sendable {
        private let all, ofType, ofMember: Value

        init(_ make: (Shape) -> Value) { (all, ofType, ofMember) = (make(.all), make(.ofType), make(.ofMember)) }

        subscript(shape: Shape) -> Value {
            switch shape {
            case .all: all
            case .ofType: ofType
            case .ofMember: ofMember
            }
        }
    }

    /// Of each kind of member today's and past memberships give as many as a page has, in order, and so do the accounts that the
    /// caller sees: the first of all are the page's.
    static let members = EachShape { shape in
        ReadStatement<PageOf<MemberFilter>, Keyed<[UInt8]>>(take) { sql, parameters, columns in
            let group = parameters.uuid { $0.argument.filter.group }
            let (after, limit) = (parameters.after(), parameters.limit())
            let narrowed = narrowed(shape, parameters) { $0.argument.filter }
            let ofKinds = sql.union(GroupMemberships.self, as: "m") { memberships, isThere in
                """
                (select m.created, m.json from unnest(\(parameters.texts { $0.argument.filter.seenKinds })) k (kind)
                cross join lateral (select m.created, m.json from \(memberships) m
                    where m.group_id = \(group) and m.kind = k.kind and \(narrowed) and m.created > \(after) and \(isThere)
                    order by m.created limit \(limit)) m)
                """
            }
            let ofAccount = sql.probe(
                GroupMemberships.self, as: "m", "m.created, m.json",
                where: "m.member = s.id and m.group_id = \(group) and m.created > \(after) and \(narrowed)")
            return """
                with \(AccountLists.seenTables(sql)), seen (id) as (\(AccountLists.seenAccounts(sql)))
                select \(columns) from (
                    \(ofKinds)
                    union all (select m.created, m.json from seen s cross join lateral (\(ofAccount)) m
                        where \(parameters.bool { $0.argument.filter.looksForAccounts }))
                ) m order by m.created limit \(limit)
                """
        }
    }

    /// The memberships of those who are reached from a group down.
    static let membersBelow = EachShape { shape in shape == .ofMember ? memberBelow() : allBelow(shape) }

    /// The memberships of an entity in groups that are ACTIVE.
    static let groups = ReadStatement<PageOf<UUID>, Keyed<[UInt8]>>(take) { sql, parameters, columns in
        """
        select \(columns) from \(sql.rows(GroupMemberships.self)) m
        cross join lateral (\(active("m.group_id", sql))) g
        where m.member = \(parameters.uuid { $0.argument.filter }) and m.organization = \(parameters.organization())
        and m.created > \(parameters.after()) order by m.created limit \(parameters.limit())
        """
    }

    /// The memberships along which groups are reached from an entity up: all in ACTIVE groups of whatever is reached.
    ///
    /// The walk goes from an entity to its memberships, which have keys, and from a membership to its group, which has none and is
    /// met once: so each membership is looked at once, and each group's memberships are looked for once.
    static let groupsAbove = keys { (sql, parameters: ReadParameters<FoundBy<UUID>>) in
        let (member, organization) = (parameters.uuid { $0.argument.argument }, parameters.organization())
        let isOtherwise = sql.probe(
            Groups.self, as: "g", where: "g.id = \(member) and g.status <> \(ReadSQL.active)")
        let memberships = sql.probe(
            GroupMemberships.self, as: "m", "m.group_id, m.created",
            where: "m.member = w.id and m.organization = \(organization)")
        return (
            tables: """
            walk (id, key) as (
                select \(member), null::bigint where not exists (\(isOtherwise))
                union select n.id, n.key from walk w cross join lateral (
                    (select m.group_id as id, m.created as key from (\(memberships)) m
                    cross join lateral (\(active("m.group_id", sql))) g where w.key is null offset 0)
                    union all select w.id, null where w.key is not null) n
            )
            """, keys: "select key from walk where key is not null"
        )
    }

    /// Those of these keys.
    static let byKeys = ReadStatement<PageByKeys, Keyed<[UInt8]>>(take) { sql, parameters, columns in
        """
        select \(columns) from unnest(\(parameters.ints { $0.argument.keys })) with ordinality u (key, place)
        cross join lateral (\(sql.probe(
            GroupMemberships.self, as: "m", "m.created, m.json", where: "m.created = u.key"))) m
        order by u.place
        """
    }

    // MARK: Parts

    @Sendable private static func take(
        _ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller
    ) throws -> Keyed<[UInt8]> {
        Keyed(key: try columns.int("m.created"), row: try columns.bytes("m.json"))
    }

    /// A row where the group with an id is ACTIVE.
    static func active(_ id: String, _ sql: ReadSQL) -> String {
        sql.probe(Groups.self, as: "g", where: "g.id = \(id) and g.status = \(ReadSQL.active)")
    }

    /// The condition by which a shape narrows memberships `m`.
    static func narrowed<Argument>(
        _ shape: Shape, _ parameters: ReadParameters<Argument>,
        _ filter: @escaping @Sendable (ReadInput<Argument>) -> MemberFilter
    ) -> String {
        switch shape {
        case .all: return "true"
        case .ofType: return "m.type = \(parameters.text { filter($0).type })"
        case .ofMember:
            let type = parameters.text { filter($0).type }
            return "m.member = \(parameters.uuid { filter($0).member }) and (\(type) is null or m.type = \(type))"
        }
    }

    /// A statement that gives all keys of a recursive query at once, in the order in which the memberships began.
    static func keys<Argument>(
        _ query: @escaping (ReadSQL, ReadParameters<FoundBy<Argument>>) -> (tables: String, keys: String)
    ) -> ReadStatement<FoundBy<Argument>, [Int64]> {
        .keys("f.key") { sql, parameters, keys in
            let query = query(sql, parameters)
            return "with recursive \(query.tables) select \(keys) from (\(query.keys)) f"
        }
    }
}
