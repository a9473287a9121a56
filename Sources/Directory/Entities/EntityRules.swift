import DirectoryRows
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

extension View {
    /// An entity of an organization that the caller sees.
    /// - Throws: not found, where the caller sees no such entity.
    func visible<P: OrganizationEntityProjection>(
        _: P.Type, _ id: UUID, _ caller: Authority
    ) throws -> Versioned<P.Row> {
        guard let version = try version(P.self, id), try caller.sees(version.row) else {
            throw Refusal.notFound(P.kind.word)
        }
        return version
    }

    /// An entity of an organization that the caller sees, and the permit to change it in a way that takes a permission.
    func permit<P: OrganizationEntityProjection>(
        _ permission: Permission, on entities: P.Type, _ id: UUID, _ caller: Authority, _ reason: String
    ) throws -> Permit<P.Row> {
        let found = try visible(entities, id, caller)
        let organization = found.row.organization
        let role = try caller.role(for: permission, in: organization, else: P.kind.word, reason)
        return Permit(found.row, by: role, entity: id, organization: organization, tag: EntityTag(found.since))
    }
}

extension Authority {
    /// Whether the caller sees an entity of an organization.
    func sees(_ entity: some OrganizationEntity) throws -> Bool {
        try finds(in: entity.organization) && has(.read, in: entity.organization)
    }

    /// The current organization, and the permit to make an entity there.
    func permit(toCreate entity: UUID, _ reason: String) throws -> Permit<Organization> {
        let organization = try currentOrganization()
        let role = try role(for: .change, in: organization.id, else: "organization", reason)
        return Permit(organization, by: role, entity: entity, organization: organization.id, tag: nil)
    }
}
