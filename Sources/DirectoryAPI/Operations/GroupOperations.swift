import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// The statement that reads one group.
enum GroupReads {
    static let byID = EntityReads.byID(Groups.self)
}

extension Shown {
    static let group = Shown.entity(Groups.self, GroupReads.byID)
    static let groupProfile = Shown.profile(Groups.self, GroupReads.byID)
}

extension Operations {
    static let groups: [Operation] = [
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
        .mutation(
            .delete, "/api/v1/group/{id}", "deactivateGroup", nil, .groups,
            "Deactivate group: its memberships do not count until it is activated",
            access: .permission(.change), shows: .group
        ) { request in SetStatus(.inactive, of: GroupStatus(request.uuid("id"))) },
        .mutation(
            .post, "/api/v1/group/{id}/activate", "activateGroup", nil, .groups, "Activate group",
            access: .permission(.change), shows: .group
        ) { request in SetStatus(.active, of: GroupStatus(request.uuid("id"))) },
        .get(
            "/api/v1/group/{group}/profile", "getGroupProfile", 46, .groups, "Get group profile",
            access: .permission(.read), shows: .groupProfile, of: "group"),
        .mutation(
            .post, "/api/v1/group/{group}/profile", "replaceGroupProfile", 47, .groups,
            "Create or replace group profile", access: .permission(.change), body: ProfileBody<Groups>.self,
            shows: .groupProfile, created: { "/api/v1/group/\($1.text)/profile" }
        ) { request, body in
            ChangeProfile(of: Groups.self, request.uuid("group"), ProfileEdits(body.edits, replaces: true))
        },
        .mutation(
            .patch, "/api/v1/group/{group}/profile", "updateGroupProfile", 48, .groups,
            "Update group profile", access: .permission(.change), body: ProfileBody<Groups>.self,
            shows: .groupProfile
        ) { request, body in
            ChangeProfile(of: Groups.self, request.uuid("group"), ProfileEdits(body.edits, replaces: false))
        },
    ]
}
