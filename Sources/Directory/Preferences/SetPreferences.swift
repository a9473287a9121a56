import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import PreferencesProjection

/// Sets the preferences of an entity under a namespace; they replace those that were there.
public struct SetPreferences: Mutation {
    private let entity: EntityReference
    private let namespace: String
    private let values: JSON
    private let id: UUID

    /// - Parameter id: the id that they get, made for the request, where there are none under the namespace yet.
    public init(of entity: EntityReference, _ namespace: String, to values: JSON, id: UUID) {
        self.entity = entity
        self.namespace = namespace
        self.values = values
        self.id = id
    }

    public var loads: [Load] { [.entity(entity), .lookup(Preferences.byEntity, [.uuid(entity.id)])] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<FoundEntity> {
        try view.permit(toPreferFor: entity, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<FoundEntity>) throws -> [ProposedEvent] {
        let all = try view.preferences(of: entity)
        let old = all.of(namespace)
        guard old?.values != values else { return [] }
        if permit.subject.isErased { throw Refusal.erased }
        if let organization = permit.organization { try view.checkActive(organization) }
        try FreeForm.check(values, at: "/values")
        guard old != nil || all.count < FreeForm.most else {
            throw Refusal.rule(
                "The \(entity.kind.word) has preferences of \(FreeForm.most) namespaces, and no room for more.")
        }
        return [
            Proposed(
                .entity(
                    entity, organization: permit.organization,
                    .preferencesSet(
                        old?.id ?? id, namespace: Erasable(namespace), values: Change(from: old?.values, to: values))))
        ]
    }
}
