import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupMembershipsProjection

extension View {
    /// Refuses memberships by which a group would become a member of itself, at whatever distance; INACTIVE groups count.
    /// - Parameters:
    ///   - group: the group that is to be a member.
    ///   - others: the groups that it is to join, and where the body names them.
    func checkNesting(
        of group: UUID, in others: [(group: UUID, pointer: String)], of organization: UUID
    ) throws {
        var explored: Set<UUID> = []
        var steps = 0
        for (index, other) in others.enumerated() where explored.insert(other.group).inserted {
            var next = [other.group]
            while let id = next.popLast() {
                guard id != group else {
                    throw Refusal.rule(
                        at: other.pointer,
                        id == other.group
                            ? "A group cannot be a member of itself."
                            : "This group is a member of the entity already, directly or through others.")
                }
                // If this one is not held, those after it are not either: one walk brings all of them.
                let walks = {
                    ([id] + next + others[(index + 1)...].map(\.group)).map { Load.groups(above: $0, in: organization) }
                }
                let memberships = try keys(
                    GroupMemberships.byMember, [.uuid(id), .uuid(organization)], else: walks())
                steps += memberships.count
                guard steps <= View.stepLimit else {
                    throw Refusal.rule("More than \(View.stepLimit) memberships are above the groups.")
                }
                for membership in memberships where explored.insert(membership.group).inserted {
                    next.append(membership.group)
                }
            }
        }
    }
}

extension Load {
    /// The memberships of a group, and of all groups above it.
    fileprivate static func groups(above group: UUID, in organization: UUID) -> Load {
        .walk(GroupMemberships.self, GroupMemberships.groupsAbove(in: organization), from: .uuid(group))
    }
}
