import AppsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection

/// Where a mapping is: of which entity, to which app, under which namespace.
public struct MappingAddress: Sendable {
    let entity: EntityReference
    let app: UUID
    let namespace: String

    public init(_ entity: EntityReference, _ app: UUID, _ namespace: String) {
        self.entity = entity
        self.app = app
        self.namespace = namespace
    }

    static let whoMaps = "Only OWNER and ADMIN of an app's organization change mappings to it."

    /// What is sure to be read.
    var loads: [Load] { [.entity(entity), .row(Apps.self, app)] }
}

/// The entity and the app of a mapping, as a caller may change it; and the mapping, if there is one.
public struct FoundMapping: Sendable {
    let entity: FoundEntity
    let app: App
    /// All mappings of the entity to apps of the app's organization, in no order.
    let all: [Mapping]
    let mapping: Mapping?
}

extension View {
    /// The permit to change a mapping: OWNER and ADMIN of the app's organization, of an entity there or an account that they see.
    /// - Throws: not found, where the caller sees no such entity, or no such app that the entity may have mappings to.
    func permit(toMap address: MappingAddress, _ caller: Authority) throws -> Permit<FoundMapping> {
        let entity = try found(address.entity, caller)
        if let organization = entity.organization, try !caller.has(.readHidden, in: organization) {
            throw Refusal.forbidden(MappingAddress.whoMaps)
        }
        guard let app = try row(Apps.self, address.app), caller.finds(in: app.organization),
            entity.organization == nil || entity.organization == app.organization
        else { throw Refusal.notFound("app") }
        let role = try caller.role(
            for: .change, in: app.organization, else: "app", MappingAddress.whoMaps)
        let all = try rows(Mappings.byEntity, [.uuid(address.entity.id), .uuid(app.organization)])
        let mapping = all.first { $0.app == app.id && $0.namespace.isIdentical(to: address.namespace) }
        return entity.permit(FoundMapping(entity: entity, app: app, all: all, mapping: mapping), by: role)
    }
}
