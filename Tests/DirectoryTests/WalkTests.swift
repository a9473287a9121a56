import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// When commands walk up reporting lines, which costs more than anything else that they read.
@Suite struct WalkTests {
    let world = World()
    let owner: UUID
    let acme: UUID

    init() {
        owner = world.account("owner@acme.example")
        acme = world.organization(owner: owner)
    }

    /// A chain of employees: each reports to the next.
    private func chain(_ name: String, _ count: Int) -> [UUID] {
        let chain = (0..<count).map { world.employee("\(name)\($0)", in: acme) }
        for (employee, manager) in zip(chain, chain.dropFirst()) { world.line(employee, to: manager, in: acme) }
        return chain
    }

    private func decide(_ mutation: some Mutation, by account: UUID, _ view: inout EmptyView) throws -> [DirectoryEvent]
    {
        try view.decide(
            Execute(mutation, MutationContext(caller: Caller(.id(account)), origin: .null)) { _, _, entity in entity })
    }

    private func mutations(_ employee: UUID, _ manager: UUID) -> [any Mutation] {
        [
            AssignManager(employee, manager: manager, type: "DIRECT"),
            ReplaceManagers(employee, lines: [(manager, "DIRECT")]),
            ChangeEmployeeProfile(employee, ProfileEdits(["bio": .set("x")], replaces: false)),
        ]
    }

    @Test func `A caller who may not change an employee walks up no line`() throws {
        let above = chain("Manager", 5), employee = chain("Employee", 3)[0]
        let stranger = world.account("stranger@other.example")
        _ = world.organization("Other", owner: stranger)
        let auditor = world.account("auditor@acme.example", "AUDITOR", in: acme)
        for mutation in mutations(employee, above[0]) {
            var view = EmptyView(of: world)
            refused(.notFound) { try decide(mutation, by: stranger, &view) }
            #expect(view.walks == 0)
            view = EmptyView(of: world)
            refused(.forbidden) { try decide(mutation, by: auditor, &view) }
            #expect(view.walks == 0)
        }
    }

    @Test func `One who may walks once to each manager of the new manager`() throws {
        let above = chain("Manager", 5), second = chain("Second", 5), employee = world.employee("Employee", in: acme)
        world.line(above[0], to: second[0], in: acme)
        var view = EmptyView(of: world)
        let events = try decide(AssignManager(employee, manager: above[0], type: "DIRECT"), by: owner, &view)
        #expect(events.count == 1)
        #expect(view.walks == 2)
    }

    @Test func `Groups are joined after one walk from each, made at once, however deep they are nested`() throws {
        let member = world.group(in: acme)
        let chains = (0..<3).map { _ in (0..<20).map { _ in world.group(in: acme) } }
        for chain in chains {
            for (inner, outer) in zip(chain, chain.dropFirst()) { world.join(.group, inner, outer, in: acme) }
        }
        var view = EmptyView(of: world)
        let joining = ReplaceMemberships(of: member, chains.map { ($0[0], "MEMBER") })
        #expect(try decide(joining, by: owner, &view).count == 3)
        #expect(view.walks == 3 && view.passes <= 6)
        view = EmptyView(of: world)
        let closing = ReplaceMemberships(of: chains[0][19], [(chains[0][0], "MEMBER")])
        refused(.rule, at: "/0/groupId") { try decide(closing, by: owner, &view) }
        #expect(view.walks == 1)
        view = EmptyView(of: world)
        refused(.forbidden) {
            try decide(closing, by: world.account("m@acme.example", "MANAGER", in: acme), &view)
        }
        #expect(view.walks == 0)
    }

    @Test func `A run of moves finds all that it misses in one pass`() throws {
        let moved = (0..<20).map { _ in world.newID() }
        var lines: [String] = []
        for (index, _) in moved.enumerated() {
            let manager = chain("Manager\(index)-", 4)[0], employee = world.employee("Moved\(index)", in: acme)
            let (person, boss) = (world.row(employee), world.row(manager))
            for row in [person, boss] {
                lines.append(
                    #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"\#(row.id.text)","name":"\#(row.name)","#
                        + #""email":"\#(row.email ?? "")"}"#)
            }
            lines.append(
                #"{"at":"2024-01-01T00:00:00Z","op":"set_manager","person":"\#(person.id.text)","#
                    + #""manager":"\#(boss.id.text)"}"#)
        }
        let file = try HistoryFile(parsing: Array(lines.joined(separator: "\n").utf8))
        var view = EmptyView(of: world)
        let events = try view.decide(ImportLines(file.lines, of: world.newID(), into: acme, now: World.time(0)))
        #expect(events.count == 20)
        #expect(view.walks == 20)
        #expect(view.passes == 2, "one that finds the walks, one that has all")
    }

    @Test func `A refusal after a line that misses something is not taken for the truth`() throws {
        // The second line is refused unless the first one has been carried out.
        let above = chain("Above", 3), employee = world.employee("Employee", in: acme)
        func line(_ operation: String, _ fields: String) -> String {
            #"{"at":"2024-01-01T00:00:00Z","op":"\#(operation)",\#(fields)}"#
        }
        let text = [
            line(
                "hire",
                #""person":"a","name":"\#(world.row(above[0]).name)","email":"\#(world.row(above[0]).email ?? "")""#),
            line(
                "hire",
                #""person":"e","name":"\#(world.row(employee).name)","email":"\#(world.row(employee).email ?? "")""#),
            line("set_manager", #""person":"e","manager":"a""#), line("set_manager", #""person":"a","manager":"e""#),
        ]
        let file = try HistoryFile(parsing: Array(text.joined(separator: "\n").utf8))
        var view = EmptyView(of: world)
        let error = #expect(throws: RefusedLine.self) {
            _ = try view.decide(ImportLines(file.lines, of: world.newID(), into: acme, now: World.time(0)))
        }
        #expect(error?.line == 4)
    }
}
