import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

extension Presentation {
    static let organization = Presentation.entity(Organizations.self, OrganizationReads.byID)
    static let organizationProfile = Presentation.profile(Organizations.self, OrganizationReads.byID)
}

extension Operations {
    static let organizations: [Operation] =
        records
        + status(
            at: "/api/v1/organization/{organization}", .organizations, "it stays readable and takes no change",
            access: .permission(.own), shows: .organization
        ) { OrganizationStatus($0.uuid("organization")) }
        + profile(
            of: Organizations.self, at: "/api/v1/organization/profile", "CurrentOrganizationProfile", 6, .organizations,
            "profile of the current organization", shows: .organizationProfile,
            read: { try await $0.currentEntity(.organization, OrganizationReads.current, (), at: $1).profile },
            change: { ChangeProfile(of: Organizations.self, nil, $1) })
        + profile(
            of: Organizations.self, 9, .organizations, "profile of organization", reading: "organization profile by ID",
            shows: .organizationProfile
        ) { ChangeProfile(of: Organizations.self, $0, $1) }

    private static let records: [Operation] = [
        .list(
            "/api/v1/organization", "listOrganizations", 1, .organizations,
            "List the organizations that the caller sees", access: .account, of: "Organization"
        ) { request in
            try await request.list(from: { try await $0.everywhere(at: $1) }) { .organizations($0) }
        },
        .mutation(
            .post, "/api/v1/organization", "createOrganization", 2, .organizations,
            "Create organization: its OWNER is the caller, or the account with ownerEmail",
            access: .special(nil, "any active account whose token has no claim org"), body: NewOrganization.self,
            shows: .organization, created: { "/api/v1/organization/\($1.text)" }
        ) { request, body in
            CreateOrganization(
                id: request.newID(), name: body.name, alias: body.alias, ownerEmail: body.ownerEmail,
                ownerID: request.newID())
        },
        .mutation(
            .patch, "/api/v1/organization", "updateCurrentOrganization", 3, .organizations,
            "Update current organization",
            access: .special(.change, "with ownerEmail OWNER only"), body: OrganizationPatch.self, shows: .organization
        ) { request, body in change(nil, request, body) },
        .get(
            "/api/v1/organization/{organization}", "getOrganization", 4, .organizations, "Get organization by ID",
            access: .permission(.read), shows: .organization, of: "organization"),
        .mutation(
            .patch, "/api/v1/organization/{organization}", "updateOrganization", 5, .organizations,
            "Update organization by ID", access: .special(.change, "with ownerEmail OWNER only"),
            body: OrganizationPatch.self, shows: .organization
        ) { request, body in change(request.uuid("organization"), request, body) },
        .get(
            "/api/v1/organization/alias/{alias}", "getOrganizationByAlias", 12, .organizations,
            "Get organization by alias", access: .permission(.read), shows: .organization
        ) { try await $0.entity(.organization, OrganizationReads.byAlias, $0.text("alias"), at: $1).entity },
        Operation(
            method: .get, path: "/api/v1/organization/{organization}/density", name: "listDensity",
            summary: "Count the changes of organization over time", resource: .organizations, number: nil,
            access: .permission(.read), query: QueryParameter.density, notes: densityNotes, response: .list("Density")
        ) { try await $0.density(of: $0.uuid("organization")) },
    ]

    private static let densityNotes = """
        The span of time is divided into equal parts, in the order of time. A part has what was recorded (or, with \
        `effective=true`, took effect) after its `from` and through its `to`: so what it changed is what `GET /api/v1/audit/diff` \
        shows between the two.
        """

    private static func change(_ id: UUID?, _ request: APIRequest, _ body: OrganizationPatch) -> ChangeOrganization {
        ChangeOrganization(
            id, name: body.name, alias: body.alias, ownerEmail: body.ownerEmail, ownerID: request.newID())
    }
}
