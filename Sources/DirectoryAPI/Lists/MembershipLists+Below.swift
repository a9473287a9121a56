import Directory
import DirectoryEvents
import EventSourcing
import GroupMembershipsProjection
import GroupsProjection

/// Walks from a group down.
extension MembershipLists {
    /// Of all members, or those of a type of membership.
    static func allBelow(_ shape: Shape) -> ReadStatement<FoundBy<MemberFilter>, [Int64]> {
        keys { (sql, parameters: ReadParameters<FoundBy<MemberFilter>>) in
            let group = parameters.uuid { $0.argument.argument.group }
            let narrowed = narrowed(shape, parameters) { $0.argument.argument }
            let kinds = parameters.texts { $0.argument.argument.kinds.map(\.rawValue) }
            let seesAll = parameters.bool { $0.argument.argument.seesAccounts }
            let groups = sql.probe(
                GroupMemberships.self, as: "m", "m.member",
                where: "m.group_id = r.id and m.kind = '\(EntityKind.group.rawValue)'")
            return (
                tables: """
                \(AccountLists.seenTables(sql)), seen (id) as materialized (\(AccountLists.seenAccounts(sql))),
                reached (id) as (
                    select \(group) where exists (\(active(group, sql)))
                    union select l.member from reached r cross join lateral (select m.member from (\(groups)) m
                        cross join lateral (\(active("m.member", sql))) g offset 0) l
                )
                """,
                keys: sql.union(GroupMemberships.self, as: "m") { memberships, isThere in
                    """
                    select m.created as key from reached r
                    cross join lateral (select m.created, m.member, m.kind from \(memberships) m
                        where m.group_id = r.id and m.kind = any (\(kinds)) and \(narrowed) and \(isThere) offset 0) m
                    where (m.kind <> '\(EntityKind.group.rawValue)' or m.member in (select id from reached))
                    and (m.kind <> '\(EntityKind.account.rawValue)' or \(seesAll) or m.member in (select id from seen))
                    """
                }
            )
        }
    }

    /// The memberships of one member who is reached from a group down: only groups that are above the member are walked.
    static func memberBelow() -> ReadStatement<FoundBy<MemberFilter>, [Int64]> {
        keys { (sql, parameters: ReadParameters<FoundBy<MemberFilter>>) in
            let group = parameters.uuid { $0.argument.argument.group }
            let (member, organization) = (parameters.uuid { $0.argument.argument.member }, parameters.organization())
            func memberships(of id: String) -> String {
                let all = sql.probe(
                    GroupMemberships.self, as: "m", "m.member, m.group_id, m.kind, m.type, m.created",
                    where: "m.member = \(id) and m.organization = \(organization)")
                return "select m.* from (\(all)) m cross join lateral (\(active("m.group_id", sql))) g offset 0"
            }
            return (
                tables: """
                \(AccountLists.seenTables(sql)), seen (id) as materialized (\(AccountLists.seenAccounts(sql))),
                above as (
                    select m.* from (\(memberships(of: member))) m
                    union select m.* from above a cross join lateral (\(memberships(of: "a.group_id"))) m
                ),
                reached (id) as (
                    select \(group) where exists (\(active(group, sql)))
                    union select a.member from reached r join above a on a.group_id = r.id where a.member <> \(member)
                )
                """,
                keys: """
                select m.created as key from above m
                where m.member = \(member) and m.group_id in (select id from reached)
                and m.kind = any (\(parameters.texts { $0.argument.argument.kinds.map(\.rawValue) }))
                and \(narrowed(.ofMember, parameters) { $0.argument.argument })
                and (m.kind <> '\(EntityKind.group.rawValue)' or exists (\(active("m.member", sql))))
                and (m.kind <> '\(EntityKind.account.rawValue)'
                    or \(parameters.bool { $0.argument.argument.seesAccounts }) or m.member in (select id from seen))
                """
            )
        }
    }
}
