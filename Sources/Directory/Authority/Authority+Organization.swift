import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

/// The organizations that a caller sees, and which of them is current.
extension Authority {
    /// The organization that is current.
    /// - Throws: 400 where none is, not found where the caller does not see it.
    public func currentOrganization() throws -> Organization {
        guard let id = try caller.statedOrganization ?? onlyOrganization() else {
            throw Refusal.noOrganization
        }
        return try organization(id)
    }

    /// An organization that the caller sees.
    public func organization(_ id: UUID) throws -> Organization {
        guard let organization = try organizationIfSeen(id) else { throw Refusal.notFound("organization") }
        return organization
    }

    /// An organization, if the caller sees it.
    func organizationIfSeen(_ id: UUID) throws -> Organization? {
        guard caller.finds(in: id), let organization = try view.row(Organizations.self, id), try has(.read, in: id)
        else { return nil }
        return organization
    }

    /// As `Caller.finds(in:)`.
    func finds(in organization: UUID?) -> Bool { caller.finds(in: organization) }

    /// As `Caller.reaches(_:)`.
    func reaches(_ place: UUID?) -> Bool { caller.reaches(place) }

    /// Where an organization was named that the caller does not see, nothing is found.
    func checkStatedOrganization() throws {
        guard let id = caller.statedOrganization else { return }
        _ = try organization(id)
    }

    /// The only organization whose directory the caller reads, if there is just one.
    /// - Throws: 400 where the caller has too many grants or employees to tell.
    private func onlyOrganization() throws -> UUID? {
        guard let grants = try view.rows(Grants.byAccountAnywhere, [.uuid(account.id)]),
            let employees = try view.rows(Employees.byAccountAnywhere, [.uuid(account.id)])
        else { throw Refusal.tooManyGrants }
        // Grants of words that are no role here give no right, hence no organization.
        let readable = grants.filter { Permission.read.isGiven(by: Roles(word: $0.key.role)) }
        let organizations = Set(
            readable.compactMap(\.key.organization) + employees.filter(\.isActive).map(\.organization))
        return organizations.count == 1 ? organizations.first : nil
    }
}
