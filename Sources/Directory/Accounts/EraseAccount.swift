import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Erases an account, for good, active or not. Its grants end with it, and so do its memberships and the links to its employees.
public struct EraseAccount: Mutation {
    private let account: AccountReference
    private let reason: String

    /// - Parameter reason: a word.
    public init(_ account: AccountReference, reason: String) {
        self.account = account
        self.reason = reason
    }

    public var loads: [Load] {
        guard case .id(let id) = account else { return [account.load] }
        return [
            account.load, .lookup(Grants.byAccountAnywhere, [.uuid(id)]),
            .lookup(Employees.byAccountAnywhere, [.uuid(id)]),
        ]
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Account> {
        guard let found = try view.visibleAccount(account, caller) else { throw Refusal.notFound("account") }
        // What has rights in one organization alone does not end those of others.
        guard caller.isSystemAdmin || (caller.isItself(found.row.id) && !caller.isConfined) else {
            throw Refusal.forbidden(
                "An account is erased by itself, with a token that is not confined to an organization, and by SYSTEM_ADMIN."
            )
        }
        let role = caller.isSystemAdmin ? Roles.systemAdmin : []
        return try view.permit(found, by: role.highest, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Account>) throws -> [ProposedEvent] {
        let account = permit.subject
        guard !account.isErased else { return [] }
        guard let grants = try view.rows(Grants.byAccountAnywhere, [.uuid(account.id)]),
            let employees = try view.rows(Employees.byAccountAnywhere, [.uuid(account.id)])
        else {
            throw Refusal.rule("The account has more than 1,000 grants or employees. End some of them first.")
        }
        let ended = try Missing.gathering(grants.sorted { $0.created < $1.created }) { try view.endGrant($0) }
        // Nobody without a role in an organization is a member of its groups.
        let organizations = Set(grants.compactMap(\.key.organization) + employees.map(\.organization))
        let memberships = try Missing.gathering(organizations.sorted { $0.text < $1.text }) {
            try view.endMemberships(of: EntityReference(.account, account.id), in: $0)
        }
        let unlinked = employees.sorted { $0.facts.createdPosition < $1.facts.createdPosition }.flatMap(\.unlinked)
        return ended + memberships.flatMap(\.self) + unlinked
            + [Proposed(.account(account.id, organization: nil, .erased(reason: reason)))]
    }
}
