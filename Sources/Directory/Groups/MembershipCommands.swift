import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupMembershipsProjection
import GroupsProjection

/// Replaces all memberships of an entity in the groups of an organization, in one append (operation 51). Those in INACTIVE groups
/// stay as they are.
public struct ReplaceMemberships: Mutation {
    private let entity: UUID
    private let wanted: [(group: UUID, type: String)]

    /// The memberships that are to be, each group once.
    public init(of entity: UUID, _ wanted: [(group: UUID, type: String)]) {
        self.entity = entity
        self.wanted = wanted
    }

    public var loads: [Load] {
        // More than may be are refused without a look at them.
        guard wanted.count <= GroupMemberships.mostOfMember else { return Load.member(entity) }
        return Load.member(entity) + wanted.map { .row(Groups.self, $0.group) }
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Member> {
        let member = try view.member(entity, caller)
        return try view.permit(member, toChangeMembershipsOf: member, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Member>) throws -> [ProposedEvent] {
        let member = permit.subject
        guard wanted.count <= GroupMemberships.mostOfMember else { throw Refusal.tooManyMemberships }
        let held = try view.memberships(of: entity, in: member.organization)
        let groups = try view.groups(wanted.map(\.group) + held.map(\.key.group))
        let named = Set(wanted.map(\.group))
        let left = held.filter { !named.contains($0.key.group) && groups[$0.key.group]?.isActive == true }
        let joined = try view.memberships(
            of: member, adding: wanted.enumerated().map { ($1.group, $1.type, "/\($0)/groupId") }, to: held,
            ending: left.count)
        if !left.isEmpty { try view.checkActive(member.organization) }
        return left.map { $0.end } + joined
    }
}

/// Ends the membership of an entity in a group (operation 52).
public struct LeaveGroup: Mutation {
    private let entity: UUID
    private let group: UUID

    /// The membership of an entity in a group.
    public init(_ entity: UUID, group: UUID) {
        self.entity = entity
        self.group = group
    }

    private var key: GroupMembership.Key { GroupMembership.Key(member: entity, group: group) }

    public var loads: [Load] { Load.member(entity) + [.row(GroupMemberships.self, key)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<GroupMembership> {
        let member = try view.member(entity, caller)
        guard let membership = try view.row(GroupMemberships.self, key),
            membership.organization == member.organization
        else { throw Refusal.notFound("membership") }
        return try view.permit(membership, toChangeMembershipsOf: member, caller)
    }

    public func decide(
        _ view: View, _ caller: Authority, _ permit: Permit<GroupMembership>
    ) throws -> [ProposedEvent] {
        let membership = permit.subject
        try view.checkActive(membership.organization)
        return [membership.end]
    }
}

extension Refusal {
    fileprivate static let tooManyMemberships = Refusal.rule(
        "An entity is a member of at most \(GroupMemberships.mostOfMember) groups of an organization.")
}

extension GroupMembership {
    /// The event that ends it.
    var end: ProposedEvent {
        let member = EntityReference(kind, key.member)
        return Proposed(.membership(member, organization: organization, .left(key.group, type: type)))
    }
}

extension View {
    /// The events by which an entity gets these memberships, or memberships of these types.
    /// - Parameters:
    ///   - held: all memberships that it has in the organization.
    ///   - ending: how many of them the same command ends.
    func memberships(
        of member: Member, adding wanted: [(group: UUID, type: String, pointer: String)], to held: [GroupMembership],
        ending: Int = 0
    ) throws -> [ProposedEvent] {
        let types = Dictionary(held.map { ($0.key.group, $0.type) }) { first, _ in first }
        let groups = try groups(wanted.map(\.group))
        var events: [MembershipEvent] = []
        var joined: [(group: UUID, pointer: String)] = []
        for (group, type, pointer) in wanted {
            let old = types[group]
            if old == type { continue }
            guard let found = groups[group], found.organization == member.organization else {
                throw Refusal.rule(at: pointer, "There is no such group in the organization.")
            }
            guard found.isActive else { throw Refusal.rule(at: pointer, "The group is not active.") }
            guard member.isActive else { throw Refusal.rule("The \(member.entity.kind.word) is not active.") }
            if let old {
                events.append(.typeChanged(group, Change(from: old, to: type)))
            } else {
                events.append(.joined(group, type: type))
                joined.append((group, pointer))
            }
        }
        guard held.count - ending + joined.count <= GroupMemberships.mostOfMember else {
            throw Refusal.tooManyMemberships
        }
        if member.entity.kind == .group {
            try checkNesting(of: member.entity.id, in: joined, of: member.organization)
        }
        if !events.isEmpty { try checkActive(member.organization) }
        return events.map { Proposed(.membership(member.entity, organization: member.organization, $0)) }
    }

    /// Those of these groups that exist, by id.
    fileprivate func groups(_ ids: [UUID]) throws -> [UUID: Group] {
        let rows = try Missing.gathering(Set(ids)) { try row(Groups.self, $0) }
        return Dictionary(rows.compactMap { row in row.map { ($0.id, $0) } }) { first, _ in first }
    }
}
