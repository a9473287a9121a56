import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// The statement that reads one group.
enum GroupReads {
    static let byID = EntityReads.byID(Groups.self)
}

extension Presentation {
    static let group = Presentation.entity(Groups.self, GroupReads.byID)
    static let groupProfile = Presentation.profile(Groups.self, GroupReads.byID)
}

extension Operations {
    static let groups: [Operation] =
        records
        + status(
            at: "/api/v1/group/{id}", .groups, "its memberships do not count until it is activated",
            access: .permission(.change), shows: .group
        ) { GroupStatus($0.uuid("id")) }
        + profile(of: Groups.self, 46, .groups, shows: .groupProfile) { ChangeProfile(of: Groups.self, $0, $1) }

    private static let records: [Operation] = [
        .list(
            "/api/v1/group", "listGroups", 42, .groups, "List groups", access: .permission(.read),
            query: [
                QueryParameter("status", .word, "Only those of this status.", example: "ACTIVE"),
                QueryParameter("type", .word, "Only those of this type.", example: "TEAM"),
            ], of: "Group"
        ) { request in
            let filter = GroupFilter(status: request.query("status"), type: request.query("type"))
            return try await request.list(from: { try await $0.currentOrganization(at: $1) }) { _ in
                .groups(filter)
            }
        },
        .mutation(
            .post, "/api/v1/group", "createGroup", 43, .groups, "Create group",
            access: .permission(.change), body: NewGroup.self, shows: .group,
            created: { "/api/v1/group/\($1.text)" }
        ) { request, body in CreateGroup(id: request.newID(), name: body.name, type: body.type) },
        .get(
            "/api/v1/group/{id}", "getGroup", 44, .groups, "Get group", access: .permission(.read),
            shows: .group, of: "id"),
        .mutation(
            .patch, "/api/v1/group/{id}", "updateGroup", 45, .groups, "Update group",
            access: .permission(.change), body: GroupPatch.self, shows: .group
        ) { request, body in ChangeGroup(request.uuid("id"), name: body.name, type: body.type) },
    ]
}
