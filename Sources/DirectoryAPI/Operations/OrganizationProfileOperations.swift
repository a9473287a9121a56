import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

extension Operations {
    static let organizationProfiles: [Operation] = [
        .get(
            "/api/v1/organization/profile", "getCurrentOrganizationProfile", 6, .organizations,
            "Get profile of the current organization", access: .permission(.read), shows: .organizationProfile
        ) { try await $0.currentEntity(.organization, OrganizationReads.current, (), at: $1).profile },
        .mutation(
            .post, "/api/v1/organization/profile", "replaceCurrentOrganizationProfile", 7, .organizations,
            "Create or replace profile of the current organization", access: .permission(.change),
            body: ProfileBody<Organizations>.self, shows: .organizationProfile, created: location
        ) { _, body in ChangeProfile(of: Organizations.self, nil, ProfileEdits(body.edits, replaces: true)) },
        .mutation(
            .patch, "/api/v1/organization/profile", "updateCurrentOrganizationProfile", 8, .organizations,
            "Update profile of the current organization", access: .permission(.change),
            body: ProfileBody<Organizations>.self, shows: .organizationProfile
        ) { _, body in ChangeProfile(of: Organizations.self, nil, ProfileEdits(body.edits, replaces: false)) },
        .get(
            "/api/v1/organization/{organization}/profile", "getOrganizationProfile", 9, .organizations,
            "Get organization profile by ID", access: .permission(.read), shows: .organizationProfile,
            of: "organization"),
        .mutation(
            .post, "/api/v1/organization/{organization}/profile", "replaceOrganizationProfile", 10, .organizations,
            "Create or replace profile of organization", access: .permission(.change),
            body: ProfileBody<Organizations>.self, shows: .organizationProfile, created: location
        ) { request, body in
            ChangeProfile(
                of: Organizations.self, request.uuid("organization"), ProfileEdits(body.edits, replaces: true))
        },
        .mutation(
            .patch, "/api/v1/organization/{organization}/profile", "updateOrganizationProfile", 11, .organizations,
            "Update profile of organization", access: .permission(.change), body: ProfileBody<Organizations>.self,
            shows: .organizationProfile
        ) { request, body in
            ChangeProfile(
                of: Organizations.self, request.uuid("organization"), ProfileEdits(body.edits, replaces: false))
        },
    ]

    @Sendable private static func location(_ request: APIRequest, _ id: UUID) -> String {
        "/api/v1/organization/\(id.text)/profile"
    }
}
