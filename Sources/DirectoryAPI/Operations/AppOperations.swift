import AppsProjection
import Directory
import EventSourcing
import FoundationEssentials

extension Shown {
    static let app = Shown(
        schema: "App",
        render: { view, _, id in
            guard let app = try view.version(Apps.self, id) else { throw Refusal.notFound("app") }
            return Representation(json: app.row.json, tag: EntityTag(app.since))
        }, read: { try await $0.app(AppAddress($0.uuid("organization"), $1), at: $2) })
}

extension Operations {
    private static let path: PathPattern = "/api/v1/organization/{organization}/apps/{app}"

    static let apps: [Operation] = [
        .list(
            "/api/v1/organization/{organization}/apps", "listApps", nil, .apps, "List apps of organization",
            access: .permission(.readHidden), of: "App"
        ) { request in
            let organization = request.uuid("organization")
            return try await request.list(from: { try await $0.organizationWithApps(organization, at: $1) }) { _ in
                .apps
            }
        },
        .mutation(
            .post, "/api/v1/organization/{organization}/apps", "addApp", nil, .apps, "Add app to organization",
            access: .permission(.change), body: NewApp.self, shows: .app,
            created: { "/api/v1/organization/\($0.uuid("organization").text)/apps/\($1.text)" }
        ) { request, body in
            AddApp(
                AppAddress(request.uuid("organization"), request.newID()), type: body.type,
                externalID: body.externalID, name: body.appName, isInternal: body.isInternal, appData: body.appData,
                secrets: request.edits(of: body.secrets))
        },
        .get(path, "getApp", nil, .apps, "Get app", access: .permission(.readHidden), shows: .app) {
            try await $0.app($0.app, at: $1)
        },
        .mutation(
            .patch, path, "updateApp", nil, .apps, "Update app", access: .permission(.change), body: AppPatch.self,
            shows: .app
        ) { request, body in
            ChangeApp(
                request.app, type: body.type, externalID: body.externalID, name: body.appName,
                isInternal: body.isInternal, appData: body.appData, secrets: request.edits(of: body.secrets))
        },
        .mutation(
            .delete, path, "deactivateApp", nil, .apps, "Deactivate app: it is not searched for any longer",
            access: .permission(.change), shows: .app
        ) { request in SetStatus(.inactive, of: AppStatus(request.app)) },
        .mutation(
            .post, "/api/v1/organization/{organization}/apps/{app}/activate", "activateApp", nil, .apps,
            "Activate app", access: .permission(.change), shows: .app
        ) { request in SetStatus(.active, of: AppStatus(request.app)) },
    ]
}

extension APIRequest {
    /// What a request says of secrets, as it is kept.
    func edits(of secrets: [(name: String, edit: FieldEdit<String>)]) -> SecretEdits {
        SecretEdits(
            secrets.map { name, edit in
                switch edit {
                case .keep: (name, .keep)
                case .clear: (name, .clear)
                case .set(let secret): (name, .set(service.secrets.digest(of: secret, named: name)))
                }
            })
    }
}
