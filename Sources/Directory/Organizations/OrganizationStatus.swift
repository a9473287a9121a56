import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Deactivates an organization: its content stays, readable, and takes no change until it is activated.
public struct DeactivateOrganization: Mutation {
    private let id: UUID

    /// The organization that rests.
    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Organizations.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(.own, onOrganization: id, caller, "Only an OWNER deactivates an organization.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [DirectoryChange] {
        permit.subject.isActive ? [Proposed(.organization(id, .deactivated))] : []
    }
}

/// Brings an organization back.
public struct ActivateOrganization: Mutation {
    private let id: UUID

    /// The organization that comes back.
    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Organizations.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(.own, onOrganization: id, caller, "Only an OWNER activates an organization.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [DirectoryChange] {
        permit.subject.isActive ? [] : [Proposed(.organization(id, .activated))]
    }
}
