import EventSourcing
import FoundationEssentials

enum Refused: Error, Equatable { case nameTaken, unknown, lastChair, nothing }

/// A command of the club; all act as the system.
protocol ClubCommand: Command where Payload == ClubEvent, Memo == Bool {
    var sideWrites: [SideWrite] { get }
    func happens(_ view: View) throws -> [ClubEvent]
}

extension ClubCommand {
    var sideWrites: [SideWrite] { [] }

    func decide(_ view: View, at now: Instant) throws -> (Decision<ClubEvent>, Bool) {
        (Decision(try happens(view).map { Proposed($0) }, by: .system, writing: sideWrites), true)
    }
}

extension View {
    func member(_ id: UUID) throws -> Member {
        guard let member = try row(Members.self, id) else { throw Refused.unknown }
        return member
    }
}

struct Join: ClubCommand {
    let id: UUID, name: String
    var chair = false
    var loads: [Load] { [.lookup(Members.byName, [.text(name)])] }

    func happens(_ view: View) throws -> [ClubEvent] {
        guard try view.keys(Members.byName, [.text(name)]).isEmpty else { throw Refused.nameTaken }
        return [.joined(id, name: name, chair: chair)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
}

struct Rename: ClubCommand {
    let id: UUID, name: String
    /// Loads nothing in advance, so that every row is missing at first.
    var loads: [Load] { [] }

    func happens(_ view: View) throws -> [ClubEvent] {
        let member = try view.member(id)
        guard member.name != name else { return [] }
        guard try view.keys(Members.byName, [.text(name)]).isEmpty else { throw Refused.nameTaken }
        return [.renamed(id, name)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Member { try view.member(id) }
}

struct Count: ClubCommand {
    let id: UUID
    var loads: [Load] { [.row(Members.self, id)] }

    func happens(_ view: View) throws -> [ClubEvent] {
        let member = try view.member(id)
        return [.counted(id, to: member.count + 1)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> (count: Int64, position: Position?) {
        (try view.member(id).count, outcome.first)
    }
}

struct LeaveChair: ClubCommand {
    let id: UUID
    var loads: [Load] { [.lookup(Members.chairs, [.bool(true)]), .row(Members.self, id)] }

    func happens(_ view: View) throws -> [ClubEvent] {
        guard try view.member(id).chair else { throw Refused.nothing }
        guard try view.keys(Members.chairs, [.bool(true)]).count > 1 else { throw Refused.lastChair }
        return [.chairLeft(id)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
}

struct Leave: ClubCommand {
    let id: UUID
    var loads: [Load] { [] }

    func happens(_ view: View) throws -> [ClubEvent] {
        _ = try view.member(id)
        let badges = try view.rows(Badges.byMember, [.uuid(id)])
        return badges.map { .unbadged(id, $0.key.badge) } + [.left(id)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
}

/// Puts a badge on, or takes it off if it is worn.
struct Toggle: ClubCommand {
    let id: UUID, badge: UUID
    var loads: [Load] { [.row(Badges.self, Badge.Key(member: id, badge: badge))] }

    func happens(_ view: View) throws -> [ClubEvent] {
        _ = try view.member(id)
        let worn = try view.row(Badges.self, Badge.Key(member: id, badge: badge)) != nil
        return [worn ? .unbadged(id, badge) : .badged(id, badge)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Int {
        try view.keys(Badges.byMember, [.uuid(id)]).count
    }
}

/// Appends many events at once.
struct Flood: ClubCommand {
    let id: UUID, count: Int64
    var loads: [Load] { [.row(Members.self, id)] }

    func happens(_ view: View) throws -> [ClubEvent] {
        let start = try view.member(id).count
        return (0..<count).map { .counted(id, to: start + $0 + 1) }
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
}
