import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Takes a role back (DELETE of an account's grant). With the last one in an organization the account's memberships there end.
public struct RevokeRole: Mutation {
    private let account: AccountReference
    private let organization: UUID?
    private let role: String

    /// The grant that ends.
    /// - Parameters:
    ///   - organization: where; `nil` for the current organization, or for the platform where the role is SYSTEM_ADMIN.
    ///   - role: the role's word, in upper case.
    public init(_ account: AccountReference, organization: UUID?, role: String) {
        self.account = account
        self.organization = organization
        self.role = role
    }

    public var loads: [Load] {
        guard case .id(let id) = account else { return [account.load] }
        return [account.load, .lookup(Grants.byAccountAnywhere, [.uuid(id)])]
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Grant> {
        let isPlatform = organization == nil && role == Role.systemAdmin.rawValue
        let place = try isPlatform ? nil : organization ?? caller.currentOrganization().id
        guard let found = try view.visibleAccount(account, caller) else { throw Refusal.notFound("account") }
        let key = Grant.Key(account: found.row.id, organization: place, role: role)
        // The id by which the platform's grants are stored is no organization's.
        guard place != Grants.platform, caller.reaches(place), let grant = try view.row(Grants.self, key),
            try caller.sees(grant)
        else {
            throw Refusal.notFound("grant")
        }
        return Permit(
            grant, by: try endingRole(of: grant, caller), entity: found.row.id, organization: place,
            tag: try view.tag(found, for: caller))
    }

    /// The role by which the caller may end a grant; an account may give up its own.
    private func endingRole(of grant: Grant, _ caller: Authority) throws -> String {
        guard let organization = grant.key.organization else {
            guard caller.isSystemAdmin || caller.isItself(grant.key.account) else {
                throw Refusal.forbidden("Only SYSTEM_ADMIN can revoke SYSTEM_ADMIN.")
            }
            return Roles.systemAdmin.highest
        }
        let needed: Permission = role == Role.owner.rawValue ? .own : .change
        if caller.isItself(grant.key.account), try !caller.has(needed, in: organization) {
            return try caller.roles(in: organization).highest
        }
        return try caller.role(
            for: needed, in: organization, else: "grant",
            needed == .own ? "Only an OWNER can revoke OWNER." : "Only OWNER and ADMIN can revoke roles.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Grant>) throws -> [ProposedEvent] {
        let grant = permit.subject
        guard let organization = permit.organization else { return [try view.endGrant(grant)] }
        try view.checkActive(organization)
        return try [view.endGrant(grant)]
            + view.endMemberships(ofAccount: grant.key.account, in: organization, without: [grant.key])
    }
}
