import DirectoryEvents
import EventSourcing
import FoundationEssentials
import AccountsProjection

/// Changes the named fields of an account (operation 24).
public struct ChangeAccount: Mutation {
    private let account: AccountReference
    private let name: FieldEdit<String>
    private let email: FieldEdit<String>

    /// A change of these fields.
    public init(_ account: AccountReference, name: FieldEdit<String>, email: FieldEdit<String>) {
        self.account = account
        self.name = name
        self.email = email
    }

    public var loads: [Load] {
        guard case .set(let email) = email else { return [account.load] }
        return [account.load, .account(email: email)]
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Account> {
        guard let found = try view.visibleAccount(account, caller) else { throw Refusal.notFound("account") }
        // What only repeats what is there is no change, and so it takes no right to make one.
        let changesName = name.change(from: found.row.name) != nil
        let changesEmail = email.change(from: found.row.email) != nil
        if changesEmail, !caller.isSystemAdmin {
            throw Refusal.forbidden("An account's e-mail address is changed by SYSTEM_ADMIN alone.")
        }
        if changesName, !caller.isSystemAdmin, !caller.isItself(found.row.id) {
            throw Refusal.forbidden("An account's name is changed by the account itself, and by SYSTEM_ADMIN.")
        }
        let role = caller.isSystemAdmin ? Roles.systemAdmin : []
        return try view.permit(found, by: role.highest, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Account>) throws -> [ProposedEvent] {
        let account = permit.subject
        var events: [AccountEvent] = []
        if let change = name.change(from: account.name) { events.append(.renamed(change)) }
        if let change = email.change(from: account.email) {
            if let to = change.to { try view.checkEmail(to, forAccount: account.id) }
            events.append(.emailChanged(change))
        }
        if !events.isEmpty { try account.checkNotErased() }
        return events.map { Proposed(.account(account.id, organization: nil, $0)) }
    }
}
