import AccountsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Sees to it at a start that the platform has an active SYSTEM_ADMIN: where there is none, the account of an e-mail address
/// becomes one, made or activated as needed.
public struct Bootstrap: Command {
    private let email: String
    private let newAccount: UUID

    /// A start.
    /// - Parameters:
    ///   - email: the address of the SYSTEM_ADMIN to be.
    ///   - newAccount: the id that its account gets, if it is made.
    public init(email: String, newAccount: UUID) {
        self.email = email
        self.newAccount = newAccount
    }

    public var loads: [Load] { [.lookup(Grants.byRole, Grants.systemAdmins), .account(email: email)] }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, UUID?) {
        guard try !view.hasSystemAdmin(besides: nil) else { return (Decision([], by: .system), nil) }
        let existing = try view.account(email: email)
        let account = existing?.id ?? newAccount
        var events: [DirectoryEvent] = []
        if existing == nil {
            events.append(.account(account, organization: nil, .created(email: Erasable(email), name: nil)))
        }
        if existing?.isActive == false { events.append(.account(account, organization: nil, .activated)) }
        let key = Grant.Key(account: account, organization: nil, role: Role.systemAdmin.rawValue)
        if try view.row(Grants.self, key) == nil {
            events.append(.account(account, organization: nil, .roleGranted(role: key.role, employee: nil)))
        }
        return (Decision(events.map { Proposed($0) }, by: .system), account)
    }

    /// The account that became SYSTEM_ADMIN; `nil` where there was one.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: UUID?) throws -> UUID? { memo }
}
