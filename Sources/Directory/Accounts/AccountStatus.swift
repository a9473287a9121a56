import AccountsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// The tokens of an INACTIVE account are no longer accepted; nothing else changes.
public struct AccountStatus: StatusRules {
    private let account: AccountReference

    public init(_ account: AccountReference) { self.account = account }

    public var loads: [Load] { [account.load] }

    public func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<Account> {
        guard let found = try view.visibleAccount(account, caller) else { throw Refusal.notFound("account") }
        guard caller.isSystemAdmin else {
            throw Refusal.forbidden("Only SYSTEM_ADMIN changes an account's status.")
        }
        return try view.permit(found, by: Roles.systemAdmin.highest, caller)
    }

    public func activation(of account: Account, _ view: View) -> [ProposedEvent] {
        // Nobody can have taken its e-mail address: it is unique among all accounts, whatever their status.
        [Proposed(.account(account.id, organization: nil, .activated))]
    }

    public func deactivation(of account: Account, _ view: View) throws -> [ProposedEvent] {
        for role in [Role.owner, .systemAdmin] {
            guard let grants = try view.rows(Grants.byAccountAndRole, [.uuid(account.id), .text(role.rawValue)]) else {
                throw Refusal.rule(
                    "The account is \(role.rawValue) of more than 1,000 organizations. Revoke these grants first.")
            }
            for grant in grants { try view.checkNotLast(grant) }
        }
        return [Proposed(.account(account.id, organization: nil, .deactivated))]
    }
}
