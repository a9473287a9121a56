import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct ImportTests {
    let world = World()
    let owner: UUID
    let acme: UUID
    let importID: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        importID = world.newID()
    }

    /// Lines of one day: `op person key=value …`.
    private func file(_ lines: [String]) throws -> HistoryFile {
        let text = lines.enumerated().map { index, line in
            let words = line.split(separator: " ")
            let fields = words.dropFirst(2).map { word -> String in
                let parts = word.split(separator: "=")
                return #","\#(parts[0])":"\#(parts[1])""#
            }
            return
                #"{"at":"2024-01-01T00:00:\#(index + 10)Z","op":"\#(words[0])","person":"\#(words[1])"\#(fields.joined())}"#
        }
        return try HistoryFile(parsing: Array(text.joined(separator: "\n").utf8))
    }

    private let staff = [
        "hire a name=Ada email=a@x.de role=Boss location=Rome", "hire b name=Bo email=b@x.de",
        "hire c name=Cy email=c@x.de",
    ]

    @discardableResult
    private func carryOut(_ lines: [String], from first: Int = 1) throws -> [DirectoryEvent] {
        let file = try file(lines)
        let count = world.events.count
        try world.submit(
            ImportLines(file.lines.filter { $0.number >= first }, of: importID, into: acme, now: World.time(0)))
        return world.events[count...].map(\.payload)
    }

    private func refusedLine(_ line: Int, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Any) {
        let error = #expect(throws: RefusedLine.self, sourceLocation: location) { try body() }
        #expect(error?.line == line, "\(error?.description ?? "")", sourceLocation: location)
    }

    @Test func `Each event has its line and its time`() throws {
        try carryOut(staff + ["set_manager b manager=a"])
        let events = world.events.filter { $0.imported != nil }
        #expect(events.map { $0.imported?.line } == [1, 1, 2, 3, 4])
        #expect(events.allSatisfy { $0.imported?.import == importID && $0.author == .system })
        #expect(events.map { $0.time.description }.last == "2024-01-01T00:00:13.000000Z")
        let ada = world.row(events[0].payload.stream)
        #expect(ada.facts.created.createdAt.description == "2024-01-01T00:00:10.000000Z")
        #expect(ada.facts.created.createdBy == "SYSTEM")
        #expect(ada.role == "Boss" && ada.profile.values == ["location": "Rome"])
    }

    @Test func `A new direct manager replaces the others`() throws {
        let events = try carryOut(staff + ["set_manager c manager=a"])
        let (ada, bo, cy) = (events[0].stream, events[2].stream, events[3].stream)
        world.line(cy, to: bo, "DOTTED_LINE", in: acme)
        let lines = staff + ["set_manager c manager=a", "set_manager c manager=b", "set_manager c manager=b"]
        #expect(
            try carryOut(lines, from: 5) == [
                .employee(cy, organization: acme, .managerRemoved(ada, type: "DIRECT")),
                .employee(cy, organization: acme, .managerTypeChanged(bo, Change(from: "DOTTED_LINE", to: "DIRECT"))),
            ])
        let unset = lines + ["unset_manager c manager=a", "unset_manager c manager=b"]
        #expect(
            try carryOut(unset, from: 7) == [.employee(cy, organization: acme, .managerRemoved(bo, type: "DIRECT"))])
    }

    @Test func `Lines of other types stay`() throws {
        let events = try carryOut(staff)
        let (ada, bo, cy) = (events[0].stream, events[2].stream, events[3].stream)
        world.line(cy, to: bo, "DOTTED_LINE", in: acme)
        #expect(
            try carryOut(staff + ["set_manager c manager=a", "unset_manager c manager=b"], from: 4) == [
                .employee(cy, organization: acme, .managerAssigned(ada, type: "DIRECT"))
            ])
    }

    @Test func `An employee who returns is the same employee`() throws {
        let lines = staff + ["set_manager b manager=a", "leave b", "hire b name=Bob email=B@x.de location=Oslo"]
        let events = try carryOut(lines)
        let bo = events[2].stream
        #expect(
            events.suffix(6) == [
                .employee(bo, organization: acme, .managerRemoved(events[0].stream, type: "DIRECT")),
                .employee(bo, organization: acme, .deactivated),
                .employee(bo, organization: acme, .activated),
                .employee(bo, organization: acme, .renamed(Change(from: "Bo", to: "Bob"))),
                .employee(bo, organization: acme, .emailChanged(Change(from: "b@x.de", to: "B@x.de"))),
                .employee(bo, organization: acme, .profileChanged([ProfileChange("location", from: nil, to: "Oslo")])),
            ])
        #expect(world.row(bo).isActive && world.row(bo).name == "Bob")
    }

    @Test func `An address means its active employee`() throws {
        let old = world.employee("Old", in: acme, email: "a@x.de")
        world.given(.employee(old, organization: acme, .deactivated))
        let current = world.employee("New", in: acme, email: "A@x.de")
        let events = try carryOut(["hire a name=New email=A@x.de role=Boss"])
        #expect(events == [.employee(current, organization: acme, .roleChanged(Change(from: nil, to: "Boss")))])
        #expect(!world.row(old).isActive)
    }

    @Test func `Roles and locations are changed or cleared`() throws {
        let events = try carryOut(
            staff + ["role a role=Chief", "location a location=Bonn", "role a", "location a", "location a"])
        let ada = events[0].stream
        #expect(
            events.suffix(4) == [
                .employee(ada, organization: acme, .roleChanged(Change(from: "Boss", to: "Chief"))),
                .employee(
                    ada, organization: acme, .profileChanged([ProfileChange("location", from: "Rome", to: "Bonn")])),
                .employee(ada, organization: acme, .roleChanged(Change(from: "Chief", to: nil))),
                .employee(ada, organization: acme, .profileChanged([ProfileChange("location", from: "Bonn", to: nil)])),
            ])
    }

    @Test func `A refused line refuses its whole run and is named`() throws {
        let count = world.events.count
        let circle = staff + ["set_manager a manager=b", "set_manager b manager=c", "set_manager c manager=a"]
        refusedLine(6) { try carryOut(circle) }
        refusedLine(5) { try carryOut(staff + ["leave a", "set_manager b manager=a"]) }
        refusedLine(5) { try carryOut(staff + ["leave b", "set_manager b manager=a"]) }
        refusedLine(4) { try carryOut(staff + ["set_manager b manager=b"]) }
        #expect(world.events.count == count)
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try carryOut(staff) }
    }

    @Test func `An employee who leaves loses grants, and the last owner stays`() throws {
        let events = try carryOut(staff)
        let accounts = [world.account("a@x.de"), world.account("b@x.de")]
        for (email, employee) in [("a@x.de", events[0].stream), ("b@x.de", events[2].stream)] {
            try world.when(
                GrantRole(.email(email), organization: acme, role: "OWNER", employee: employee), by: owner)
        }
        try world.when(RevokeRole(.id(owner), organization: acme, role: "OWNER"), by: owner)
        // Either may leave, but not both, even in one run.
        refusedLine(5) { try carryOut(staff + ["leave a", "leave b"], from: 4) }
        #expect(
            try carryOut(staff + ["leave a"], from: 4).last
                == .account(accounts[0], organization: acme, .roleRevoked(role: "OWNER", employee: events[0].stream)))
        #expect(world.events.last?.imported?.line == 4)
    }

    @Test func `The first line of a new organization is its beginning`() throws {
        let file = try file(staff)
        let (id, ownerID) = (world.newID(), world.newID())
        let count = world.events.count
        let target = StartImport.Target.new(id, name: "Beta", ownerEmail: "new@x.de", ownerID: ownerID)
        #expect(try world.submit(StartImport(importID, of: file.record, into: target)) == id)
        let events = world.events[count...]
        #expect(
            events.map(\.payload) == [
                .account(ownerID, organization: nil, .created(email: "new@x.de", name: nil)),
                .organization(id, .created(name: "Beta", alias: "beta")),
                .account(ownerID, organization: id, .roleGranted(role: "OWNER", employee: nil)),
                .organization(id, .importStarted(import: importID, lines: 3, digest: Erasable(file.digest))),
            ])
        #expect(world.organizationRow(id).facts.created.createdAt == file.lines.first?.at)
        #expect(events.allSatisfy { $0.imported == nil })
        try world.submit(EndImport.stopped(importID, of: file, after: 2, in: id))
        try world.submit(EndImport.completed(importID, of: file.record, in: id))
        #expect(
            world.events.suffix(2).map(\.payload) == [
                .organization(
                    id, .importStopped(import: importID, lines: 2, digest: Erasable(file.digest(ofFirst: 2)))),
                .organization(id, .importCompleted(import: importID, lines: 3, digest: Erasable(file.digest))),
            ])
    }

    @Test func `An import goes into an active organization`() throws {
        let file = try file(staff)
        refused(.notFound) {
            try world.submit(StartImport(importID, of: file.record, into: .organization(world.newID())))
        }
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.submit(StartImport(importID, of: file.record, into: .organization(acme))) }
    }
}
