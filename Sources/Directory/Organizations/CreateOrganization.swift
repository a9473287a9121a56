import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Makes an organization, with the caller or the account of an e-mail address as its OWNER (operation 2).
public struct CreateOrganization: Mutation {
    private let id: UUID
    private let name: String
    private let alias: String?
    private let ownerEmail: String?
    private let ownerID: UUID

    /// An organization to be.
    /// - Parameters:
    ///   - id: its id, made for the request.
    ///   - alias: derived from the name if not given.
    ///   - ownerID: the id of the owner's account, made for the request, where `ownerEmail` names none that exists.
    public init(id: UUID, name: String, alias: String?, ownerEmail: String?, ownerID: UUID) {
        self.id = id
        self.name = name
        self.alias = alias
        self.ownerEmail = ownerEmail
        self.ownerID = ownerID
    }

    public var loads: [Load] {
        let alias = alias ?? OrganizationAlias.candidate(1, of: OrganizationAlias.stem(of: name))
        let aliases = alias.map { [Load.lookup(Organizations.byAlias, [.text($0)])] } ?? []
        return aliases + (ownerEmail.map { [.account(email: $0)] } ?? [])
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Void> {
        guard !caller.isConfined else {
            throw Refusal.forbidden("A token that is confined to an organization makes no other.")
        }
        return Permit((), by: Roles().highest, entity: id, organization: nil, tag: nil)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Void>) throws -> [ProposedEvent] {
        if let alias { try view.checkAlias(alias, for: id) }
        let (owner, made) = try ownerEmail.map { try view.owner($0, new: ownerID) } ?? (caller.id, [])
        let created = OrganizationEvent.created(
            name: Erasable(name), alias: Erasable(try alias ?? view.freeAlias(for: name)))
        return made + [Proposed(.organization(id, created)), Proposed(.owned(id, by: owner))]
    }
}
