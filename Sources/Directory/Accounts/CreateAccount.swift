import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// Makes an account (operation 22).
public struct CreateAccount: Mutation {
    private let id: UUID
    private let name: String?
    private let email: String

    /// An account to be.
    /// - Parameter id: its id, made for the request.
    public init(id: UUID, name: String?, email: String) {
        self.id = id
        self.name = name
        self.email = email
    }

    public var loads: [Load] { [.account(email: email)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Void> {
        let role = try caller.roleAnywhere(for: .change, "Only an OWNER or ADMIN of an organization makes accounts.")
        return Permit((), by: role, entity: id, organization: nil, tag: nil)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Void>) throws -> [ProposedEvent] {
        try view.checkEmail(email, forAccount: id)
        return [
            Proposed(.account(id, organization: nil, .created(email: Erasable(email), name: name.map { Erasable($0) })))
        ]
    }
}
