import AppsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// An app, as a path names it: by its organization and its id.
public struct AppAddress: Sendable {
    public let organization: UUID
    public let app: UUID

    public init(_ organization: UUID, _ app: UUID) {
        self.organization = organization
        self.app = app
    }

    /// What is sure to be read.
    var loads: [Load] { [.row(Organizations.self, organization), .row(Apps.self, app)] }
}

extension View {
    /// An app of an organization that the caller sees, and the permit to change it.
    func permit(toChange address: AppAddress, _ caller: Authority) throws -> Permit<App> {
        let organization = try visible(Organizations.self, address.organization, caller).row.id
        let app = try version(Apps.self, address.app).flatMap { $0.row.organization == organization ? $0 : nil }
        // A caller who is not shown apps must not learn which exist.
        if app == nil, try caller.has(.readHidden, in: organization) { throw Refusal.notFound("app") }
        let role = try caller.role(
            for: .change, in: organization, else: "organization", "Only OWNER and ADMIN change apps.")
        guard let app else { throw Refusal.notFound("app") }
        return Permit(app.row, by: role, entity: app.row.id, organization: organization, tag: EntityTag(app.since))
    }
}
