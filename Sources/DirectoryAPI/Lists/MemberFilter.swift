import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// Which memberships of a group's members are listed. All conditions must hold.
struct MemberFilter: Sendable {
    let group: UUID
    /// The kinds of members.
    var kinds = EntityKind.allCases.filter(\.joinsGroups)
    /// The member.
    var member: UUID?
    /// The type of the membership.
    var type: String?
    /// Whether the caller sees all accounts that can be members: in other cases each is looked for among those that it sees.
    var seesAccounts = false

    /// - Parameters:
    ///   - member: an id, or a kind's word.
    init(group: UUID, member: String?, type: String?) {
        self.group = group
        self.type = type
        self.member = member.flatMap { UUID(text: $0) }
        if let kind = member.flatMap({ EntityKind(rawValue: $0) }) { kinds = [kind] }
    }

    /// The kinds of which the caller sees every member.
    var seenKinds: [String] { kinds.filter { seesAccounts || $0 != .account }.map(\.rawValue) }

    /// Whether accounts are looked for among those that the caller sees.
    var looksForAccounts: Bool { !seesAccounts && kinds.contains(.account) }

    var shape: MembershipLists.Shape { member != nil ? .ofMember : type != nil ? .ofType : .all }
}
