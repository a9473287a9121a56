import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension Operations {
    /// What entities are in apps.
    static let mappings: [Operation] =
        [
            .get(
                "/api/v1/entity/by-mapping/{app}/{namespace}/{mappedId}", "listEntitiesByMapping", nil, .mappings,
                "List the entities that an id in an app refers to", access: .permission(.readHidden),
                gives: .list("MappedEntity")
            ) { request, moment in
                let id = MappedID(
                    app: request.uuid("app"), namespace: try request.searched("namespace"),
                    id: try request.searched("mappedId"))
                return try await request.entities(mappedTo: id, at: moment)
            }
        ] + mappings(of: .organization, "organization", .organization) + mappings(of: .account, "accountId", .account)
        + mappings(of: .employee, "employee", .employee) + mappings(of: .group, "group", .group)

    /// - Parameter parameter: the parameter of the path with the entity's id.
    private static func mappings(of kind: EntityKind, _ parameter: String, _ shown: Presentation) -> [Operation] {
        let path = PathPattern(stringLiteral: "/api/v1/\(kind.word)/{\(parameter)}/mappings/{app}/{namespace}")
        let access =
            kind == .account
            ? Access.special(.change, "of the app's organization, for accounts that they see") : .permission(.change)
        return [
            .mutation(
                .put, path, "set\(kind.title)Mapping", nil, .mappings,
                "Set what \(kind.phrase) is in an app; what the body leaves out is cleared", access: access,
                body: MappingBody.self, shows: shown
            ) { request, body in
                let address = MappingAddress(
                    EntityReference(kind, request.uuid(parameter)), request.uuid("app"), try request.namespace())
                return SetMapping(
                    address, mappedID: body.mappedID, reference: body.reference, data: body.data,
                    secrets: request.edits(of: body.secrets), id: request.newID())
            },
            .mutation(
                .delete, path, "remove\(kind.title)Mapping", nil, .mappings,
                "Remove what \(kind.phrase) is in an app", access: access, shows: shown
            ) { request in
                RemoveMapping(
                    MappingAddress(
                        EntityReference(kind, request.uuid(parameter)), request.uuid("app"), request.text("namespace")))
            },
        ]
    }
}

extension APIRequest {
    /// The namespace that the path names, for something new.
    /// - Throws: `Problem` if it is no name.
    func namespace() throws -> String {
        let namespace = try searched("namespace")
        guard let accepted = FieldFormat.text(.name).accept(namespace) else {
            throw Problem.invalid("The namespace in the path \(FieldFormat.text(.name).requirement).")
        }
        return accepted
    }
}
