import AppsProjection
import Directory
import EventSourcing
import FoundationEssentials

/// The statements that read apps.
enum AppReads {
    static let byID = PartReads.byID(Apps.self)
    static let list = PartReads.list(Apps.self)
}

extension Presentation {
    static let app = Presentation.part("App", AppReads.byID)
}

extension Operations {
    private static let collection: PathPattern = "/api/v1/organization/{organization}/apps"
    private static let path: PathPattern = "/api/v1/organization/{organization}/apps/{app}"

    static let apps: [Operation] =
        appRecords
        + status(
            at: path.text, .apps, "it is not searched for any longer", access: .permission(.change), shows: .app
        ) { AppStatus($0.part()) }

    private static let appRecords: [Operation] = [
        .list(
            collection, "listApps", nil, .apps, "List apps of organization", access: .permission(Apps.seenBy), of: "App"
        ) { request in try await request.list(of: Apps.self, AppReads.list) },
        .mutation(
            .post, collection, "addApp", nil, .apps, "Add app to organization", access: .permission(.change),
            body: NewApp.self, shows: .app, created: { $0.location(of: $1) }
        ) { request, body in
            AddApp(
                request.part(request.newID()), type: body.type, externalID: body.externalID, name: body.appName,
                isInternal: body.isInternal, appData: body.appData, secrets: request.edits(of: body.secrets))
        },
        .get(path, "getApp", nil, .apps, "Get app", access: .permission(Apps.seenBy), shows: .app, of: Apps.word),
        .mutation(
            .patch, path, "updateApp", nil, .apps, "Update app", access: .permission(.change), body: AppPatch.self,
            shows: .app
        ) { request, body in
            ChangeApp(
                request.part(), type: body.type, externalID: body.externalID, name: body.appName,
                isInternal: body.isInternal, appData: body.appData, secrets: request.edits(of: body.secrets))
        },
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
