import AccountsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Deactivates an account: its tokens count no more, nothing else changes.
public struct DeactivateAccount: Mutation {
    private let account: AccountReference

    /// The account that rests.
    public init(_ account: AccountReference) { self.account = account }

    public var loads: [Load] { [account.load] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Account> {
        try view.permitToAdminister(account, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Account>) throws -> [DirectoryChange] {
        let account = permit.subject
        guard account.isActive else { return [] }
        for grant in try view.rows(Grants.byAccount, [.uuid(account.id)]) { try view.checkNotLast(grant) }
        return [Proposed(.account(account.id, organization: nil, .deactivated))]
    }
}

/// Brings an account back.
public struct ActivateAccount: Mutation {
    private let account: AccountReference

    /// The account that comes back.
    public init(_ account: AccountReference) { self.account = account }

    public var loads: [Load] { [account.load] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Account> {
        try view.permitToAdminister(account, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Account>) throws -> [DirectoryChange] {
        // Its address is its own meanwhile: addresses are unique over all accounts, whatever their status.
        permit.subject.isActive ? [] : [Proposed(.account(permit.entity, organization: nil, .activated))]
    }
}

extension View {
    /// The permit to change an account's status.
    fileprivate func permitToAdminister(_ account: AccountReference, _ caller: Authority) throws -> Permit<Account> {
        guard let found = try visibleAccount(account, caller) else { throw Refusal.notFound("account") }
        guard caller.isSystemAdmin else {
            throw Refusal.forbidden("An account's status is changed by SYSTEM_ADMIN alone.")
        }
        return try permit(found, by: Roles.systemAdmin.highest, caller)
    }
}
