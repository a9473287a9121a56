import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// A small domain to test with: a club whose members have unique names, count, wear badges, and must keep a chair.
enum ClubEvent: EventPayload {
    case joined(UUID, name: String, chair: Bool)
    case renamed(UUID, String)
    case counted(UUID, to: Int64)
    case chairLeft(UUID)
    case left(UUID)
    case badged(UUID, UUID)
    case unbadged(UUID, UUID)
    case erased(UUID)

    enum Topic { case member, badge }

    var topic: Topic {
        switch self {
        case .badged, .unbadged: .badge
        default: .member
        }
    }

    var isCreation: Bool { if case .joined = self { true } else { false } }
    var erasedStream: UUID? { if case .erased(let id) = self { id } else { nil } }

    var member: UUID {
        switch self {
        case .joined(let id, _, _), .renamed(let id, _), .counted(let id, _), .chairLeft(let id), .left(let id),
            .badged(let id, _), .unbadged(let id, _), .erased(let id):
            id
        }
    }

    var encoded: EncodedPayload {
        var type = "", related: UUID?, data: JSON?, sealed: JSON?
        switch self {
        case .joined(_, let name, let chair):
            (type, data, sealed) = (
                "member.joined", .object([.init(name: "chair", value: .bool(chair))]),
                .object([.init(name: "name", value: .string(name))])
            )
        case .renamed(_, let name):
            (type, sealed) = ("member.renamed", .object([.init(name: "name", value: .string(name))]))
        case .counted(_, let count):
            (type, data) = ("member.counted", .object([.init(name: "to", value: .integer(count))]))
        case .chairLeft: type = "member.chair_left"
        case .left: type = "member.left"
        case .badged(_, let badge): (type, related) = ("member.badged", badge)
        case .unbadged(_, let badge): (type, related) = ("member.unbadged", badge)
        case .erased: type = "member.erased"
        }
        return EncodedPayload(
            type: type, organization: nil, stream: member, streamType: "MEMBER", related: related, data: data,
            sealed: sealed)
    }

    init(decoding stored: EncodedPayload) throws(UnreadableEvent) {
        let id = stored.stream, related = stored.related ?? UUID(high: 0, low: 0)
        switch stored.type {
        case "member.joined":
            self = .joined(
                id, name: stored.sealed?["name"]?.string ?? "", chair: stored.data?["chair"] == .bool(true))
        case "member.renamed": self = .renamed(id, stored.sealed?["name"]?.string ?? "")
        case "member.counted": self = .counted(id, to: stored.data?["to"]?.integer ?? 0)
        case "member.chair_left": self = .chairLeft(id)
        case "member.left": self = .left(id)
        case "member.badged": self = .badged(id, related)
        case "member.unbadged": self = .unbadged(id, related)
        case "member.erased": self = .erased(id)
        default: throw UnreadableEvent(type: stored.type, schema: stored.schema, reason: "its type is unknown")
        }
    }
}

struct Member: Sendable, Equatable {
    let id: UUID
    var name: String
    var chair: Bool
    var count: Int64
}

enum Members: Projection {
    static let name = "members"
    static let version = 1
    static let schema = """
        create table current (
            id uuid primary key, name text collate "C" not null, chair boolean not null, count bigint not null,
            since bigint not null
        ) with (fillfactor = 80);
        create index on current (name);
        create index on current (chair) where chair;
        create table past (
            id uuid not null, name text collate "C" not null, chair boolean not null, count bigint not null,
            since bigint not null, until bigint not null
        );
        create index on past (id, since);
        """
    static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)], [Column("name", .text), Column("chair", .bool), Column("count", .integer)]
    )
    static let byName = Lookup<Members>(0, by: ["name"]) { [.text($0.name)] }
    static let chairs = Lookup<Members>(1, by: ["chair"]) { $0.chair ? [.bool(true)] : nil }
    static let lookups = [byName, chairs]
    static let erasedBy: String? = "id"
    static let topics: Set<ClubEvent.Topic> = [.member]

    static func keys(of payload: ClubEvent) -> [UUID] {
        switch payload {
        case .badged, .unbadged: []
        default: [payload.member]
        }
    }

    static func apply(_ event: Event<ClubEvent>, to row: inout Member?, at key: UUID) {
        switch event.payload {
        case .joined(_, let name, let chair): row = Member(id: key, name: name, chair: chair, count: 0)
        case .renamed(_, let name): row?.name = name
        case .counted(_, let count): row?.count = count
        case .chairLeft: row?.chair = false
        case .left: row = nil
        case .erased: row?.name = ""
        case .badged, .unbadged: break
        }
    }

    static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }
    static func values(of row: Member) -> [ColumnValue] { [.text(row.name), .bool(row.chair), .integer(row.count)] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID {
        guard case .uuid(let id) = values[0] else { throw UnreadableRow(name, "id") }
        return id
    }
    static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Member {
        guard case .text(let text) = values[0], case .bool(let chair) = values[1], case .integer(let count) = values[2]
        else { throw UnreadableRow(name, "type") }
        return Member(id: key, name: text, chair: chair, count: count)
    }
}

struct Badge: Sendable, Equatable {
    struct Key: Hashable, Sendable { let member: UUID, badge: UUID }
    let key: Key
}

enum Badges: Projection {
    static let name = "badges"
    static let version = 1
    static let schema = """
        create table current (
            member uuid not null, badge uuid not null, note text, since bigint not null, primary key (member, badge)
        );
        create index on current (badge);
        create table past (
            member uuid not null, badge uuid not null, note text, since bigint not null, until bigint not null
        );
        create index on past (member, since);
        """
    static let columns: (key: [Column], row: [Column]) = (
        [Column("member", .uuid), Column("badge", .uuid)], [Column("note", .text)]
    )
    static let byMember = Lookup<Badges>(0, by: ["member"]) { [.uuid($0.key.member)] }
    static let lookups = [byMember]
    static let erasedBy: String? = nil
    static let topics: Set<ClubEvent.Topic> = [.badge]

    static func keys(of payload: ClubEvent) -> [Badge.Key] {
        switch payload {
        case .badged(let member, let badge), .unbadged(let member, let badge): [Badge.Key(member: member, badge: badge)]
        default: []
        }
    }

    static func apply(_ event: Event<ClubEvent>, to row: inout Badge?, at key: Badge.Key) {
        if case .badged = event.payload { row = Badge(key: key) } else { row = nil }
    }

    static func values(of key: Badge.Key) -> [ColumnValue] { [.uuid(key.member), .uuid(key.badge)] }
    static func values(of row: Badge) -> [ColumnValue] { [.null] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Badge.Key {
        guard case .uuid(let member) = values[0], case .uuid(let badge) = values[1] else {
            throw UnreadableRow(name, "key")
        }
        return Badge.Key(member: member, badge: badge)
    }
    static func row(at key: Badge.Key, from values: [ColumnValue]) throws(UnreadableRow) -> Badge { Badge(key: key) }
}
