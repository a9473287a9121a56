import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// All memberships of an entity in an organization, taken as one.
public struct MembershipSet: Sendable, Equatable {
    public struct Key: Hashable, Sendable {
        public let member: UUID
        public let organization: UUID

        public init(member: UUID, organization: UUID) {
            self.member = member
            self.organization = organization
        }
    }

    public init() {}
}

/// The memberships of each entity in an organization, taken as one: the position since which they are what they are is the tag of
/// operation 50. It is there from the first membership on, whatever became of that.
public enum MembershipSets: Projection {
    public static let name = "membership_sets"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("member", .uuid), Column("organization", .uuid)], []
    )

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [.membership]

    public static func keys(of payload: DirectoryEvent) -> [MembershipSet.Key] {
        guard case .membership(let member, let organization, _) = payload else { return [] }
        return [MembershipSet.Key(member: member.id, organization: organization)]
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout MembershipSet?, at key: MembershipSet.Key) {
        if case .membership = event.payload { row = MembershipSet() }
    }

    public static func values(of key: MembershipSet.Key) -> [ColumnValue] {
        [.uuid(key.member), .uuid(key.organization)]
    }

    public static func values(of row: MembershipSet) -> [ColumnValue] { [] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> MembershipSet.Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return MembershipSet.Key(member: try columns.uuid("member"), organization: try columns.uuid("organization"))
    }

    public static func row(at key: MembershipSet.Key, from values: [ColumnValue]) throws(UnreadableRow) -> MembershipSet
    {
        MembershipSet()
    }

    public static func size(of row: MembershipSet) -> Int { 16 }
}
