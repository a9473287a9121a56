import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

/// Changes the named fields of an organization, and may add an OWNER (operations 3 and 5).
public struct ChangeOrganization: Mutation {
    private let id: UUID?
    private let name: FieldEdit<String>
    private let alias: FieldEdit<String>
    private let ownerEmail: String?
    private let ownerID: UUID

    /// A change of these fields.
    /// - Parameters:
    ///   - id: the organization; `nil` for the current one.
    ///   - ownerEmail: the address of the account that becomes OWNER besides those that are.
    ///   - ownerID: the id of that account, made for the request, where none has the address yet.
    public init(_ id: UUID?, name: FieldEdit<String>, alias: FieldEdit<String>, ownerEmail: String?, ownerID: UUID) {
        self.id = id
        self.name = name
        self.alias = alias
        self.ownerEmail = ownerEmail
        self.ownerID = ownerID
    }

    public var loads: [Load] {
        var loads: [Load] = id.map { [.row(Organizations.self, $0)] } ?? []
        if case .set(let alias) = alias { loads.append(.lookup(Organizations.byAlias, [.text(alias)])) }
        if let ownerEmail { loads.append(.account(email: ownerEmail)) }
        return loads
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        let permit = try view.permit(
            .change, onOrganization: id, caller, "Only OWNER and ADMIN change an organization.")
        guard try addsOwner(to: permit.subject, view) else { return permit }
        return try view.permit(.own, onOrganization: permit.entity, caller, "Only an OWNER adds an OWNER.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject
        let newName = name.change(from: organization.name)
        let newAlias = alias.change(from: organization.alias)
        let addsOwner = try addsOwner(to: organization, view)
        guard newName != nil || newAlias != nil || addsOwner else { return [] }
        try view.checkActive(organization.id)
        var changes: [ProposedEvent] = []
        if let newName { changes.append(Proposed(.organization(organization.id, .renamed(newName)))) }
        if let newAlias {
            if let to = newAlias.to { try view.checkAlias(to, for: organization.id) }
            changes.append(Proposed(.organization(organization.id, .aliasChanged(newAlias))))
        }
        if addsOwner, let ownerEmail {
            let (owner, made) = try view.owner(ownerEmail, new: ownerID)
            let grant = Grant.Key(account: owner, organization: organization.id, role: Role.owner.rawValue)
            try view.checkRoom(for: grant, at: "/ownerEmail")
            changes += made + [Proposed(.owned(organization.id, by: owner))]
        }
        return changes
    }

    /// Whether `ownerEmail` names somebody who is no OWNER yet: naming one who is changes nothing, and is not refused.
    private func addsOwner(to organization: Organization, _ view: View) throws -> Bool {
        guard let ownerEmail else { return false }
        return try view.account(email: ownerEmail).map { !organization.owners.contains($0.id) } ?? true
    }
}
