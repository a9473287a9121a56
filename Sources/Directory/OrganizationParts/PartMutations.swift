import EventSourcing
import OrganizationsProjection

/// Adds a part to an organization.
public protocol PartAddition: Mutation where Subject == Organization {
    associatedtype Parts: PartRules
    /// The organization, and the id that the part gets.
    var address: PartAddress<Parts> { get }
}

extension PartAddition {
    public var loads: [Load] {
        address.organization.map {
            [.row(Organizations.self, $0), .lookup(Parts.byOrganization, [.uuid($0)])]
        } ?? []
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(toAdd: address, caller)
    }
}

/// Changes a part of an organization, or deletes it.
public protocol PartChange: Mutation where Subject == Parts.Row {
    associatedtype Parts: PartRules
    var address: PartAddress<Parts> { get }
}

extension PartChange {
    public var loads: [Load] { address.loads }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Parts.Row> {
        try view.permit(toChange: address, caller)
    }
}

extension PartAddress {
    /// What is sure to be read of a change.
    var loads: [Load] {
        [.row(Parts.self, id)] + (organization.map { [.row(Organizations.self, $0)] } ?? [])
    }
}
