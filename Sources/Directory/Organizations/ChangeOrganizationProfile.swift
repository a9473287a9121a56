import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Changes (operations 8 and 11) or replaces (7 and 10) the profile of an organization.
public struct ChangeOrganizationProfile: Mutation {
    private let id: UUID?
    private let fields: [String: FieldEdit<String>]
    private let replaces: Bool

    /// Edits of the named fields; with `replaces` all others are cleared.
    /// - Parameter id: the organization; `nil` for the current one.
    public init(_ id: UUID?, fields: [String: FieldEdit<String>], replaces: Bool) {
        self.id = id
        self.fields = fields
        self.replaces = replaces
    }

    public var loads: [Load] { id.map { [.row(Organizations.self, $0)] } ?? [] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(.change, onOrganization: id, caller, "Only OWNER and ADMIN change an organization's profile.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [DirectoryChange] {
        let organization = permit.subject
        var changes: [ProfileChange] = []
        for field in Profile.organizationFields {
            let edit = fields[field] ?? (replaces ? .clear : .keep)
            if let (from, to) = edit.change(from: organization.profile.values[field]) {
                changes.append(ProfileChange(field, from: from, to: to))
            }
        }
        guard !changes.isEmpty else { return [] }
        try view.checkActive(organization.id)
        return [Proposed(.organization(organization.id, .profileChanged(changes)))]
    }
}
