import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension Presentation {
    /// The memberships of an entity, of which a mutation answers the tag alone.
    static let memberships = Presentation(
        schema: "Membership[]", render: { _, _, _ in nil }, read: { try await $0.membershipTag(of: $1, at: $2) })
}

extension QueryParameter {
    fileprivate static func transitive(_ meaning: String) -> QueryParameter {
        QueryParameter("transitive", .choice(["true", "false"]), meaning, example: "true")
    }
}

extension APIRequest {
    fileprivate var isTransitive: Bool { query("transitive") == "true" }
}

extension Operations {
    static let memberships: [Operation] = [
        .list(
            "/api/v1/group/{groupId}/members", "listMembers", 49, .groups,
            "List members of group, also those of groups in it", access: .permission(.read),
            query: [
                QueryParameter(
                    "entity", .member, "Only the member with this id, or members of this type.",
                    example: "EMPLOYEE"),
                QueryParameter("membership", .word, "Only memberships of this type.", example: "MEMBER"),
                .transitive("Whether the members of groups in it, at any depth, are listed as well."),
            ], of: "Membership"
        ) { request in
            let group = request.uuid("groupId"), isTransitive = request.isTransitive
            let filter = MemberFilter(
                group: group, member: request.query("entity"), type: request.query("membership"))
            return try await request.list(from: { try await $0.organization(ofGroup: group, at: $1) }) { scope in
                .members(filter, isTransitive: isTransitive, scope)
            }
        },
        Operation(
            method: .get, path: "/api/v1/entity/{entity}/groups", name: "listGroupsOfEntity",
            summary: "List groups of employee, account or group, also those that they are in", resource: .groups,
            number: 50, access: .permission(.read),
            query: [.transitive("Whether the groups of its groups, at any distance, are listed as well.")]
                + QueryParameter.moment + QueryParameter.paging, notes: membershipNotes,
            response: ResponseShape(schema: "Membership", isArray: true, hasTag: true)
        ) { request in
            let entity = request.uuid("entity"), isTransitive = request.isTransitive
            var reply = try await request.list(from: { try await $0.organization(ofMember: entity, at: $1) }) { _ in
                .groups(of: entity, isTransitive: isTransitive)
            }
            // What a transitive list shows depends on the memberships of others as well: it has no tag.
            if !isTransitive, let position = reply.position {
                reply.tag = try await request.membershipTag(of: entity, at: .asOf(position)).tag
            }
            return reply
        },
        .mutation(
            .post, "/api/v1/entity/{entity}/groups", "replaceGroupsOfEntity", 51, .groups,
            "Replace all memberships of entity but those in INACTIVE groups", access: .permission(.change),
            body: MembershipListBody.self, shows: .memberships, isEmpty: true
        ) { request, body in
            ReplaceMemberships(of: request.uuid("entity"), body.memberships.map { ($0.group, $0.type) })
        },
        .mutation(
            .delete, "/api/v1/entity/{entity}/groups/{group}", "removeFromGroup", 52, .groups,
            "Remove entity from group", access: .permission(.change), shows: .memberships, isEmpty: true
        ) { request in LeaveGroup(request.uuid("entity"), group: request.uuid("group")) },
    ]

    private static let membershipNotes = """
        The entity is an employee, a group, or an account with a role in the current organization. Groups that are INACTIVE are \
        not listed. The `ETag` is that of the entity's memberships, not the entity's own: operations 51 and 52 take it in \
        `If-Match`. With `transitive=true` there is none.
        """
}
