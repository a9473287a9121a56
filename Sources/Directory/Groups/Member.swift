import AccountsProjection
import DirectoryEvents
import DirectoryRows
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import MembershipSetsProjection

/// An entity that groups of an organization can have as a member.
public struct Member: Sendable {
    let entity: EntityReference
    let organization: UUID
    let isActive: Bool
}

extension View {
    /// An entity that the caller sees and that can be a member of groups: an employee, a group, or an account with a role in the
    /// current organization.
    func member(_ id: UUID, _ caller: Authority) throws -> Member {
        if let employee = try row(Employees.self, id) { return try member(employee, .employee, caller) }
        if let group = try row(Groups.self, id) { return try member(group, .group, caller) }
        guard let account = try visibleAccount(id, caller)?.row else { throw Refusal.notFound("entity") }
        let organization = try caller.currentOrganization().id
        guard try hasRole(id, in: organization) else { throw Refusal.notFound("entity") }
        return Member(
            entity: EntityReference(.account, id), organization: organization, isActive: account.isActive)
    }

    private func member(
        _ entity: some OrganizationEntity, _ kind: EntityKind, _ caller: Authority
    ) throws -> Member {
        guard try caller.sees(entity) else { throw Refusal.notFound("entity") }
        return Member(
            entity: EntityReference(kind, entity.id), organization: entity.organization, isActive: entity.isActive)
    }

    /// The permit to change an entity's memberships. Their tag is their own, not the entity's.
    func permit<Subject>(
        _ subject: Subject, toChangeMembershipsOf member: Member, _ caller: Authority
    ) throws -> Permit<Subject> {
        let role = try caller.role(
            for: .change, in: member.organization, else: "entity", "Only OWNER and ADMIN change memberships.")
        let key = MembershipSet.Key(member: member.entity.id, organization: member.organization)
        return Permit(
            subject, by: role, entity: member.entity.id, organization: member.organization,
            tag: EntityTag(try version(MembershipSets.self, key)?.since ?? 0))
    }

    /// An entity's memberships in groups of an organization, oldest first.
    func memberships(of member: UUID, in organization: UUID) throws -> [GroupMembership] {
        try rows(GroupMemberships.byMember, [.uuid(member), .uuid(organization)]).sorted { $0.created < $1.created }
    }

    /// The events that end all of an entity's memberships in groups of an organization.
    func endMemberships(of member: EntityReference, in organization: UUID) throws -> [ProposedEvent] {
        try memberships(of: member.id, in: organization).map(\.end)
    }

    // MARK: Accounts

    /// Whether an account has a role in an organization, by a grant or an active employee.
    /// - Parameters:
    ///   - grants: grants that the same command ends.
    ///   - employee: an employee that the same command deactivates, or unlinks.
    func hasRole(
        _ account: UUID, in organization: UUID, without grants: Set<Grant.Key> = [], employee: UUID? = nil
    ) throws -> Bool {
        let held = try keys(Grants.byAccount, Grants.values(of: account, at: organization))
        if held.contains(where: { !grants.contains($0) }) { return true }
        return try rows(Employees.byAccount, [.uuid(account), .uuid(organization)]).contains {
            $0.isActive && $0.id != employee
        }
    }

    /// The events that end an account's memberships in an organization where the same command ends its last role there.
    func endMemberships(
        ofAccount account: UUID, in organization: UUID, without grants: Set<Grant.Key>, employee: UUID? = nil
    ) throws -> [ProposedEvent] {
        guard try !hasRole(account, in: organization, without: grants, employee: employee) else { return [] }
        return try endMemberships(of: EntityReference(.account, account), in: organization)
    }

    /// The events that end the memberships of an employee's account, where its last role ends with the employee.
    func endMemberships(ofAccountOf employee: Employee) throws -> [ProposedEvent] {
        guard let account = employee.account else { return [] }
        return try endMemberships(
            ofAccount: account, in: employee.organization,
            without: Set(try keys(Grants.byEmployee, [.uuid(employee.id)])), employee: employee.id)
    }
}

extension Load {
    /// An entity of whichever kind that groups can have as a member.
    static func member(_ id: UUID) -> [Load] {
        [.row(Employees.self, id), .row(Groups.self, id), .row(Accounts.self, id)]
    }
}
