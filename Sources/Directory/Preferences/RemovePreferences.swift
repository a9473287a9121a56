import DirectoryEvents
import EventSourcing
import FoundationEssentials
import PreferencesProjection

/// Removes the preferences of an entity under a namespace.
public struct RemovePreferences: Mutation {
    private let entity: EntityReference
    private let namespace: String

    public init(of entity: EntityReference, _ namespace: String) {
        self.entity = entity
        self.namespace = namespace
    }

    public var loads: [Load] { [.entity(entity), .lookup(Preferences.byEntity, [.uuid(entity.id)])] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<EntityPreferences> {
        let permit = try view.permit(toPreferFor: entity, caller)
        guard let preferences = try view.preferences(of: entity).of(namespace) else {
            throw Refusal(.notFound, "There are no preferences of this namespace.")
        }
        return permit.subject.permit(preferences, by: permit.role)
    }

    public func decide(
        _ view: View, _ caller: Authority, _ permit: Permit<EntityPreferences>
    ) throws -> [ProposedEvent] {
        let preferences = permit.subject
        if let organization = permit.organization { try view.checkActive(organization) }
        return [
            Proposed(
                .entity(
                    entity, organization: permit.organization,
                    .preferencesRemoved(
                        preferences.id, namespace: Erasable(namespace),
                        values: Change(from: preferences.values, to: nil))))
        ]
    }
}
