import Directory
import EventSourcing
import FoundationEssentials

extension Operations {
    /// Organizations by what is said of their apps.
    static let appSearches: [Operation] = [
        .list(
            "/api/v1/organization/by-app/{type}", "listOrganizationsByApp", 13, .apps,
            "List organizations with an ACTIVE app of a type", access: .permission(.readHidden), of: "Organization"
        ) { request in
            try await request.organizations(with: AppSearch(type: request.type()), by: AppSearches.byType)
        },
        .list(
            "/api/v1/organization/by-app-id/{type}/{externalId}", "listOrganizationsByAppId", 14, .apps,
            "List organizations by their id in an app", access: .permission(.readHidden), of: "Organization"
        ) { request in
            let search = AppSearch(type: try request.type(), externalID: try request.searched("externalId"))
            return try await request.organizations(with: search, by: AppSearches.byExternalID)
        },
        .list(
            "/api/v1/organization/by-app-data/{type}/{key}/{value}", "listOrganizationsByAppData", 15, .apps,
            "List organizations by a member of an app's data: a text, number or truth value",
            access: .permission(.readHidden), of: "Organization"
        ) { request in
            let search = AppSearch(
                type: try request.type(), key: try request.searched("key"), value: try request.searched("value"))
            return try await request.organizations(with: search, by: AppSearches.byData)
        },
        Operation(
            method: .post, path: "/api/v1/organization/by-app-secret/{type}/{key}",
            name: "listOrganizationsByAppSecret", summary: "List organizations by a secret of an app; changes nothing",
            resource: .apps, number: 16, access: .permission(.readHidden), body: SecretQuery.self,
            response: .list("Organization")
        ) { request in
            let body = try request.decode(SecretQuery.self)
            var search = AppSearch(type: try request.type(), key: try request.searched("key"))
            search.digest = request.service.secrets.digest(of: body.secret, named: search.key ?? "")
            return try await request.organizations(.organizations(withSecret: search))
        },
    ]
}

extension APIRequest {
    /// The type of app that the path names.
    fileprivate func type() throws -> String { try searched("type").uppercased() }

    /// Answers with the organizations that a search finds.
    fileprivate func organizations(
        with search: AppSearch, by statement: ReadStatement<AppSearch, [Int64]>
    ) async throws -> APIResponse {
        try await organizations(.organizations(with: search, by: statement))
    }

    fileprivate func organizations(_ list: EntityList) async throws -> APIResponse {
        try await self.list(from: { try await $0.organizationsWithApps(at: $1) }) { _ in list }
    }
}
