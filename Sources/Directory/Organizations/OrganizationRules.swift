import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

extension View {
    /// An organization that the caller sees (without an id the current one), and the permit to change it in a way that takes
    /// a permission.
    func permit(
        _ permission: Permission, onOrganization id: UUID?, _ caller: Authority, _ reason: String
    ) throws -> Permit<Organization> {
        let id = try id ?? caller.currentOrganization().id
        return try permit(permission, on: Organizations.self, id, caller, reason)
    }

    /// Refuses every change in an organization that is not active.
    func checkActive(_ organization: UUID) throws {
        guard try row(Organizations.self, organization)?.isActive == true else {
            throw Refusal.rule("The organization is INACTIVE: it takes no change until it is activated.")
        }
    }

    /// Refuses an alias that another organization has, active or not.
    func checkAlias(_ alias: String, for organization: UUID) throws {
        guard try keys(Organizations.byAlias, [.text(alias)]).allSatisfy({ $0 == organization }) else {
            throw Refusal.conflict(at: "/alias", "Another organization has this alias.")
        }
    }

    /// The account that is to be OWNER, by its e-mail address, and the event that makes it where there is none.
    /// - Parameter new: the id that it gets, if it is made.
    func owner(_ email: String, new: UUID) throws -> (account: UUID, made: [ProposedEvent]) {
        guard let account = try account(email: email) else {
            return (new, [Proposed(.account(new, organization: nil, .created(email: Erasable(email), name: nil)))])
        }
        guard account.isActive else {
            throw Refusal.rule(at: "/ownerEmail", "The account with this e-mail address is not active.")
        }
        return (account.id, [])
    }
}

extension DirectoryEvent {
    /// An account becomes OWNER of an organization.
    static func owned(_ organization: UUID, by account: UUID) -> DirectoryEvent {
        .account(account, organization: organization, .roleGranted(role: Role.owner.rawValue, employee: nil))
    }
}
