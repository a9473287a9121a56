import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupMembershipsProjection
import GroupsProjection

/// What lines say of groups.
extension ImportState {
    /// The group with a name: the active one, else the one that is INACTIVE.
    /// - Throws: a refusal where several have the name.
    func find(group name: String) throws -> Group? {
        let groups = try view.rows(Groups.byName, [.uuid(organization), .text(SearchText.caseless(name))])
        let active = groups.filter(\.isActive)
        let candidates = active.isEmpty ? groups : active
        guard candidates.count <= 1 else {
            throw Refusal.rule(
                at: "/group",
                "The organization has \(candidates.count) groups of this name, so it is not clear which one is meant: "
                    + "give them names that differ.")
        }
        return candidates.first
    }

    func group(_ name: String) throws -> Group {
        guard let group = try find(group: name) else {
            throw Refusal.rule(at: "/group", "The organization has no group of this name.")
        }
        return group
    }

    func member(_ member: ImportLine.Member) throws -> Member {
        switch member {
        case .person(let email):
            let employee = try employee(email: email)
            return Member(
                entity: EntityReference(.employee, employee.id), organization: organization,
                isActive: employee.isActive)
        case .group(let name):
            let group = try group(name)
            return Member(
                entity: EntityReference(.group, group.id), organization: organization, isActive: group.isActive)
        }
    }

    /// Makes a group, or activates and changes the one that is there.
    mutating func setGroup(_ name: String, _ formerName: String?, _ type: String?, new: UUID) throws {
        guard let group = try formerName.map({ try group($0) }) ?? find(group: name) else {
            return try makeGroup(name, type ?? DefaultType.group, new)
        }
        if !group.isActive { try add(try GroupStatus(group.id).activation(of: group, view)) }
        try add(group.changes(name: .set(name), type: FieldEdit(ifNamed: type)))
    }

    mutating func needGroup(_ name: String, new: UUID) throws {
        guard let group = try find(group: name) else { return try makeGroup(name, DefaultType.group, new) }
        guard group.isActive else {
            throw Refusal.rule(at: "/group", "The group is INACTIVE: activate it first, or leave it out.")
        }
    }

    private mutating func makeGroup(_ name: String, _ type: String, _ new: UUID) throws {
        try add([Proposed(.group(new, organization: organization, .created(name: Erasable(name), type: type)))])
    }

    mutating func join(_ member: Member, _ group: Group, _ type: String?) throws {
        let held = try view.memberships(of: member.entity.id, in: organization)
        if type == nil, held.contains(where: { $0.key.group == group.id }) { return }
        try add(
            try view.memberships(
                of: member, adding: [(group.id, type ?? DefaultType.membership, "/group")], to: held))
    }
}
