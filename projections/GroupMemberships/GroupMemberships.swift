import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// A membership of an entity in a group.
public struct GroupMembership: Sendable, Equatable {
    /// Both ends: an entity is a member of a group once.
    public struct Key: Hashable, Sendable {
        public let member: UUID
        public let group: UUID

        public init(member: UUID, group: UUID) {
            self.member = member
            self.group = group
        }
    }

    public let key: Key
    /// The kind of the member.
    public let kind: EntityKind
    /// The group's organization.
    public let organization: UUID
    /// Its type: `MEMBER`.
    public var type: String
    /// When it began, or its type last changed.
    public var changed: Instant
    /// The position of the event by which it began: lists are in this order.
    public let created: Position

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 224)
        writer.beginObject()
        writer.member("groupId", key.group.text)
        writer.member("entity", key.member.text)
        writer.member("entityType", kind.rawValue)
        writer.member("type", type)
        writer.member("since", changed.description)
        writer.endObject()
        return writer.bytes
    }
}

/// Memberships by both ends. Serve operations 49 and 50.
public enum GroupMemberships: Projection {
    public static let name = "group_memberships"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("member", .uuid), Column("group_id", .uuid)],
        [
            Column("kind", .text), Column("organization", .uuid), Column("type", .text), Column("changed", .instant),
            Column("created", .integer), Column("json", .json),
        ]
    )

    /// The memberships of an entity in groups of an organization.
    public static let byMember = Lookup<GroupMemberships>(0, by: ["member", "organization"]) {
        [.uuid($0.key.member), .uuid($0.organization)]
    }
    public static let lookups = [byMember]

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [.membership]

    /// From groups of an organization to the memberships of all groups that they are in, at any distance, and
    /// their own: as many as a command looks through.
    public static func groupsAbove(in organization: UUID) -> Walk {
        Walk(to: byMember, values: upwards, organization)
    }

    private static let upwards = WalkQuery<UUID> {
        """
        with recursive above(id) as (
            select unnest(\($0.starts(.uuid)))
            union
            select m.group_id from above join \(schemaName).current m on m.member = above.id
        ) select id, \($0.uuid { $0 }) from (
            select id, sum((select count(*) from \(schemaName).current m where m.member = above.id))
                over (rows unbounded preceding) as memberships from (select id from above limit \(View.stepLimit + 1)) above
        ) above where memberships <= \(View.stepLimit + mostOfMember)
        """
    }

    /// How many memberships an entity may have in an organization.
    public static let mostOfMember = 1000

    public static func keys(of payload: DirectoryEvent) -> [GroupMembership.Key] {
        guard case .membership(let member, _, let event) = payload else { return [] }
        return [GroupMembership.Key(member: member.id, group: event.group)]
    }

    public static func newKeys(of payload: DirectoryEvent) -> [GroupMembership.Key] {
        guard case .membership(_, _, .joined) = payload else { return [] }
        return keys(of: payload)
    }

    public static func apply(
        _ event: Event<DirectoryEvent>, to row: inout GroupMembership?, at key: GroupMembership.Key
    ) {
        guard case .membership(let member, let organization, let change) = event.payload else { return }
        switch change {
        case .joined(_, let type):
            row = GroupMembership(
                key: key, kind: member.kind, organization: organization, type: type, changed: event.time,
                created: event.position)
        case .left: row = nil
        case .typeChanged(_, let type):
            row?.type = type.to ?? ""
            row?.changed = event.time
        }
    }

    public static func values(of key: GroupMembership.Key) -> [ColumnValue] { [.uuid(key.member), .uuid(key.group)] }

    public static func values(of row: GroupMembership) -> [ColumnValue] {
        [
            .text(row.kind.rawValue), .uuid(row.organization), .text(row.type), .instant(row.changed),
            .integer(row.created), .json(row.json),
        ]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> GroupMembership.Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return GroupMembership.Key(member: try columns.uuid("member"), group: try columns.uuid("group_id"))
    }

    public static func row(
        at key: GroupMembership.Key, from values: [ColumnValue]
    ) throws(UnreadableRow) -> GroupMembership {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let kind = EntityKind(rawValue: try columns.text("kind")) else { throw columns.unreadable("kind") }
        return GroupMembership(
            key: key, kind: kind, organization: try columns.uuid("organization"), type: try columns.text("type"),
            changed: try columns.instant("changed"), created: try columns.integer("created"))
    }
}
