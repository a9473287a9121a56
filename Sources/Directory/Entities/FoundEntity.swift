import AccountsProjection
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// An entity of any kind that a caller sees: what mutations need of it that are the same for all kinds.
public struct FoundEntity: Sendable {
    let reference: EntityReference
    /// `nil` for an account, which belongs to none.
    let organization: UUID?
    let isActive: Bool
    let isErased: Bool
    let tag: EntityTag

    /// A permit to change it by a role.
    func permit<Subject>(_ subject: Subject, by role: String) -> Permit<Subject> {
        Permit(subject, by: role, entity: reference.id, organization: organization, tag: tag)
    }
}

extension View {
    /// An entity of any kind.
    /// - Throws: not found, where the caller sees no such entity.
    func found(_ entity: EntityReference, _ caller: Authority) throws -> FoundEntity {
        if let entities = entity.kind.entities as? any OrganizationEntityProjection.Type {
            return try found(entities, entity, caller)
        }
        guard let account = try visibleAccount(entity.id, caller) else { throw Refusal.notFound(entity.kind.word) }
        return FoundEntity(
            reference: entity, organization: nil, isActive: account.row.isActive, isErased: account.row.isErased,
            tag: try tag(account, for: caller))
    }

    private func found<P: OrganizationEntityProjection>(
        _: P.Type, _ entity: EntityReference, _ caller: Authority
    ) throws -> FoundEntity {
        let found = try visible(P.self, entity.id, caller)
        return FoundEntity(
            reference: entity, organization: found.row.organization, isActive: found.row.isActive,
            isErased: found.row.isErased, tag: EntityTag(found.since))
    }
}

extension Load {
    /// The row of an entity of any kind.
    static func entity(_ entity: EntityReference) -> Load {
        func load<P: EntityProjection>(_: P.Type) -> Load { .row(P.self, entity.id) }
        return load(entity.kind.entities)
    }
}
