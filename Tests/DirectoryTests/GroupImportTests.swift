import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import GroupsProjection
import Testing

/// What the lines of a history say of groups.
@Suite struct GroupImportTests {
    let world = World()
    let acme: UUID
    let importID: UUID

    init() {
        acme = world.organization(owner: world.account("owner@example.com"))
        importID = world.newID()
    }

    /// Lines a second apart: `op key=value …`, in which `_` is a space.
    private func file(_ lines: [String]) throws -> HistoryFile {
        let text = lines.enumerated().map { index, line in
            let words = line.split(separator: " ")
            let fields = words.dropFirst().map { word -> String in
                let parts = word.split(separator: "=")
                return #","\#(parts[0])":"\#(parts[1].replacing("_", with: " "))""#
            }
            let time = Instant(microseconds: 1_704_067_210_000_000 + Int64(index) * 1_000_000)
            return #"{"at":"\#(time)","op":"\#(words[0])"\#(fields.joined())}"#
        }
        return try HistoryFile(parsing: Array(text.joined(separator: "\n").utf8))
    }

    @discardableResult
    private func carryOut(_ lines: [String], from first: Int = 1) throws -> [DirectoryEvent] {
        let file = try file(lines)
        let count = world.events.count
        try world.submit(
            ImportLines(file.lines.filter { $0.number >= first }, of: importID, into: acme, now: World.time(0)))
        return world.events[count...].map(\.payload)
    }

    private func refusedLine(
        _ line: Int, _ reason: String, _ lines: [String], _ location: SourceLocation = #_sourceLocation
    ) {
        let count = world.events.count
        let error = #expect(throws: RefusedLine.self, sourceLocation: location) { try carryOut(lines) }
        #expect(error?.line == line, "\(error?.description ?? "")", sourceLocation: location)
        #expect(error?.refusal.detail.contains(reason) == true, "\(error?.description ?? "")", sourceLocation: location)
        #expect(world.events.count == count, "all or nothing", sourceLocation: location)
    }

    private let nested = [
        "hire person=a name=Ada email=a@x.de", "group group=e name=Engineering type=department",
        "group group=p name=Platform", "join subgroup=p group=e", "join person=a group=p type=lead",
    ]

    @Test func `A group begins, is nested and gets members, each event at the time of its line`() throws {
        let events = try carryOut(nested)
        let (ada, engineering, platform) = (events[0].stream, events[1].stream, events[2].stream)
        #expect(
            events.dropFirst() == [
                .group(engineering, organization: acme, .created(name: "Engineering", type: "DEPARTMENT")),
                .group(platform, organization: acme, .created(name: "Platform", type: "TEAM")),
                .membership(
                    EntityReference(.group, platform), organization: acme, .joined(engineering, type: "MEMBER")),
                .membership(EntityReference(.employee, ada), organization: acme, .joined(platform, type: "LEAD")),
            ])
        let imported = world.events.suffix(5)
        #expect(imported.map { $0.imported?.line } == [1, 2, 3, 4, 5])
        #expect(imported.map(\.time).map(\.description).last == "2024-01-01T00:00:14.000000Z")
        #expect(world.groupRow(engineering).facts.created.createdAt.description == "2024-01-01T00:00:11.000000Z")
        #expect(world.groups(of: ada, in: acme) == [platform])
    }

    @Test func `What is as a line says already changes nothing`() throws {
        try carryOut(nested)
        #expect(try carryOut(nested).isEmpty)
        #expect(try carryOut(["group group=x name=ENGINEERING"]).count == 1, "its name is written in another way")
        // Without a type a membership stays as it is; with another type it changes.
        #expect(try carryOut(nested + ["join person=a group=p"], from: 6).isEmpty)
        let retyped = try carryOut(nested + ["join person=a group=p type=MEMBER"], from: 6)
        let group = try #require(world.groups(of: retyped[0].stream, in: acme).first)
        #expect(
            retyped.map { $0 } == [
                .membership(
                    EntityReference(.employee, retyped[0].stream), organization: acme,
                    .typeChanged(group, Change(from: "LEAD", to: "MEMBER")))
            ])
    }

    @Test func `A group gets another name and type, ends and returns, and keeps its members`() throws {
        let lines =
            nested + [
                "group group=p name=Core type=GUILD", "ungroup group=p", "ungroup group=p", "group group=p name=Core",
            ]
        let events = try carryOut(lines)
        let platform = events[2].stream
        #expect(
            events.suffix(4) == [
                .group(platform, organization: acme, .renamed(Change(from: "Platform", to: "Core"))),
                .group(platform, organization: acme, .typeChanged(Change(from: "TEAM", to: "GUILD"))),
                .group(platform, organization: acme, .deactivated), .group(platform, organization: acme, .activated),
            ])
        #expect(world.groups(of: events[0].stream, in: acme) == [platform])
    }

    @Test func `A membership ends by its line, or with the person`() throws {
        let lines = nested + ["leave_group subgroup=p group=e", "leave_group subgroup=p group=e", "leave person=a"]
        let events = try carryOut(lines)
        let (ada, engineering, platform) = (events[0].stream, events[1].stream, events[2].stream)
        #expect(
            events.suffix(3) == [
                .membership(EntityReference(.group, platform), organization: acme, .left(engineering, type: "MEMBER")),
                .membership(EntityReference(.employee, ada), organization: acme, .left(platform, type: "LEAD")),
                .employee(ada, organization: acme, .deactivated),
            ])
        #expect(world.groups(of: ada, in: acme).isEmpty)
    }

    @Test func `A group that a request made is taken by its name`() throws {
        let made = world.group("Sales", in: acme)
        #expect(try carryOut(["group group=s name=sales"]).map(\.stream) == [made])
        #expect(try carryOut(["group group=s name=sales"]).isEmpty)
    }

    @Test func `Lines are refused by the rules of requests`() throws {
        refusedLine(6, "is a member of the entity already", nested + ["join subgroup=e group=p"])
        refusedLine(6, "cannot be a member of itself", nested + ["join subgroup=p group=p"])
        refusedLine(7, "The group is not active", nested + ["ungroup group=e", "join person=a group=e"])
        refusedLine(7, "The employee is not active", nested + ["leave person=a", "join person=a group=e"])
        refusedLine(7, "The group is not active", nested + ["ungroup group=p", "join subgroup=p group=e type=X"])
        // The state that lines leave is the one on which those after them are decided.
        try carryOut(nested + ["leave_group subgroup=p group=e", "join subgroup=e group=p"])
    }

    @Test func `A name that two groups have tells neither`() throws {
        for name in ["Sales", "SALES"] {
            world.given(.group(world.newID(), organization: acme, .created(name: Erasable(name), type: "TEAM")))
        }
        refusedLine(1, "2 groups of this name", ["group group=s name=Sales"])
        let third = world.group("Sales", in: acme)
        world.given(.group(third, organization: acme, .deactivated))
        refusedLine(1, "2 groups of this name", ["group group=s name=Sales"])
    }

    @Test func `A run finds what its lines about groups miss in few passes`() throws {
        for index in 0..<20 {
            _ = world.group("Inner\(index)", in: acme)
            world.join(
                .group, world.group("Outer\(index)", in: acme), world.group("Top\(index)", in: acme), in: acme)
        }
        let lines = (0..<20).flatMap { index in
            [
                "group group=i\(index) name=Inner\(index)", "group group=o\(index) name=Outer\(index)",
                "join subgroup=i\(index) group=o\(index)",
            ]
        }
        var view = EmptyView(of: world)
        let events = try view.decide(
            ImportLines(try file(lines).lines, of: world.newID(), into: acme, now: World.time(0)))
        #expect(events.count == 20)
        #expect(view.passes <= 5, "\(view.passes)")
    }

    @Test(arguments: [
        ("join person=a group=z", "line 6: group: no group was given this word in a line above"),
        ("ungroup group=z", "line 6: group: no group was given this word in a line above"),
        ("join person=z group=e", "line 6: person: nobody was hired under this word in a line above"),
        ("join group=e", "line 6: person: either this or subgroup must be there"),
        ("join person=a subgroup=p group=e", "line 6: person: either this or subgroup must be there"),
        (
            "join person=a group=e type=very_best!",
            "line 6: type: it must be 1 to 64 of the characters A-Z, 0-9, _ and -"
        ),
        ("group group=q", "line 6: name: it is missing"),
        ("ungroup group=e name=E", "line 6: name: ungroup has no such field"),
        ("leave_group person=a group=e type=X", "line 6: type: leave_group has no such field"),
        (
            "group group=q name=platform",
            "line 6: name: another group of a line above has it and has not ended: give them names that differ"
        ),
    ])
    func `A line about groups that cannot be read is named, with its field`(_ line: String, _ expected: String) {
        #expect { try file(nested + [line]) } throws: { ($0 as? HistoryError)?.description == expected }
    }

    @Test func `A name is free again when its group ended or has another`() throws {
        _ = try file(nested + ["ungroup group=p", "group group=q name=Platform"])
        _ = try file(nested + ["group group=p name=Core", "group group=q name=Platform"])
    }
}
