import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection

/// Says what an entity is in an app, under a namespace; it replaces what was said.
public struct SetMapping: Mutation {
    private let address: MappingAddress
    private let mappedID: String
    private let reference: String?
    private let data: JSON
    private let secrets: SecretEdits
    private let id: UUID

    /// - Parameter id: the id that the mapping gets, made for the request, where there is none yet.
    public init(
        _ address: MappingAddress, mappedID: String, reference: String?, data: JSON,
        secrets: SecretEdits = SecretEdits(), id: UUID
    ) {
        self.address = address
        self.mappedID = mappedID
        self.reference = reference
        self.data = data
        self.secrets = secrets
        self.id = id
    }

    public var loads: [Load] { address.loads }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<FoundMapping> {
        try view.permit(toMap: address, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<FoundMapping>) throws -> [ProposedEvent] {
        let (found, old) = (permit.subject, permit.subject.mapping)
        var changes = ValueChanges()
        changes.add("mappedId", from: old?.mappedID, to: mappedID)
        changes.add("reference", from: old?.reference, to: reference)
        changes.add("mappingData", from: old?.mappingData.present, to: data.present)
        let secretNames = old?.secretNames ?? []
        let names = try secrets.changes(of: old?.id ?? id, secretNames, view)
        guard !changes.all.isEmpty || !names.isEmpty else { return [] }
        try view.checkActive(found.app.organization)
        if old == nil { try checkNew(found) }
        try FreeForm.check(data, at: "/mappingData")
        try secrets.check(secretNames, names, at: "/mappingSecrets")
        try checkIsFree(view, found)
        return [
            Proposed(
                .entity(
                    address.entity, organization: found.app.organization,
                    .mappingSet(
                        app: found.app.id, mapping: old?.id ?? id, namespace: Erasable(address.namespace), changes.all,
                        secrets: names)))
        ]
    }

    public func sideWrites(_ view: View, _ permit: Permit<FoundMapping>) -> [SideWrite] {
        secrets.writes(to: permit.subject.mapping?.id ?? id)
    }

    /// What is INACTIVE takes no new mapping, and nothing takes too many.
    private func checkNew(_ found: FoundMapping) throws {
        guard found.app.isActive else { throw Refusal.rule("The app is INACTIVE.") }
        guard found.entity.isActive else { throw Refusal.rule("The \(address.entity.kind.word) is not active.") }
        guard found.all.count < FreeForm.most else {
            throw Refusal.rule(
                "The \(address.entity.kind.word) has \(FreeForm.most) mappings to apps of the organization, and no room for more."
            )
        }
    }

    /// Refuses an id that another entity of the kind has in the app.
    private func checkIsFree(_ view: View, _ found: FoundMapping) throws {
        let values: [ColumnValue] = [.uuid(found.app.id), .text(address.namespace), .text(mappedID)]
        let others = try view.rows(Mappings.byMappedID, values).filter { $0.entity.kind == address.entity.kind }
        guard others.allSatisfy({ $0.id == found.mapping?.id }) else {
            throw Refusal.conflict(
                at: "/mappedId", "Another \(address.entity.kind.word) is mapped to this id in the app.")
        }
    }
}
