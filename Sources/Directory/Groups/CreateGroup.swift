import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Makes a group of the current organization (operation 43).
public struct CreateGroup: Mutation {
    private let id: UUID
    private let name: String
    private let type: String

    /// A group to be.
    /// - Parameter id: its id, made for the request.
    public init(id: UUID, name: String, type: String) {
        self.id = id
        self.name = name
        self.type = type
    }

    public var loads: [Load] { [] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try caller.permit(toCreate: id, "Only OWNER and ADMIN create groups.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        return [Proposed(.group(id, organization: organization, .created(name: Erasable(name), type: type)))]
    }
}
