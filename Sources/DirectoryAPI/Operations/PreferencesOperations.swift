import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension Operations {
    /// What entities prefer.
    static let preferences: [Operation] =
        preferences(of: .organization, "organization", .organization) + preferences(of: .account, "accountId", .account)
        + preferences(of: .employee, "employee", .employee) + preferences(of: .group, "group", .group)

    /// - Parameter parameter: the parameter of the path with the entity's id.
    private static func preferences(of kind: EntityKind, _ parameter: String, _ shown: Presentation) -> [Operation] {
        let path = PathPattern(stringLiteral: "/api/v1/\(kind.word)/{\(parameter)}/preferences/{namespace}")
        let access =
            kind == .account ? Access.special(.administer, "the account itself") : .permission(.change)
        return [
            .mutation(
                .put, path, "set\(kind.title)Preferences", nil, .preferences,
                "Set the preferences of \(kind.phrase) under a namespace", access: access, body: PreferencesBody.self,
                shows: shown
            ) { request, body in
                SetPreferences(
                    of: EntityReference(kind, request.uuid(parameter)), try request.namespace(), to: body.values,
                    id: request.newID())
            },
            .mutation(
                .delete, path, "remove\(kind.title)Preferences", nil, .preferences,
                "Remove the preferences of \(kind.phrase) under a namespace", access: access, shows: shown
            ) { request in
                RemovePreferences(of: EntityReference(kind, request.uuid(parameter)), request.text("namespace"))
            },
        ]
    }
}
