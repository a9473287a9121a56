import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection

/// Ends a mapping.
public struct RemoveMapping: Mutation {
    private let address: MappingAddress

    public init(_ address: MappingAddress) { self.address = address }

    public var loads: [Load] { address.loads }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Mapping> {
        let permit = try view.permit(toMap: address, caller)
        guard let mapping = permit.subject.mapping else { throw Refusal.notFound("mapping") }
        return permit.subject.entity.permit(mapping, by: permit.role)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Mapping>) throws -> [ProposedEvent] {
        let mapping = permit.subject
        try view.checkActive(mapping.organization)
        return [
            Proposed(
                .entity(
                    mapping.entity, organization: mapping.organization,
                    .mappingRemoved(
                        app: mapping.app, mapping: mapping.id, namespace: Erasable(mapping.namespace),
                        mappedID: Erasable(mapping.mappedID))))
        ]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Mapping>) -> [SideWrite] {
        permit.subject.secretNames.map { name in
            .secret(nil, under: Secrets.Key(owner: permit.subject.id, name: name))
        }
    }
}
