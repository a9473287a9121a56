import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// What a roster changes, decided on a directory in memory.
@Suite struct RosterPlanTests {
    let world = World()
    let acme: UUID
    let importID: UUID

    init() {
        acme = world.organization(owner: world.account("owner@example.com"))
        importID = world.newID()
    }

    private func plan(_ text: String) throws -> RosterPlan {
        let file = try RosterFile(parsing: Array(text.utf8), now: World.time(0))
        return try file.plan(for: .organization(acme), world.view, at: World.time(0))
    }

    /// Plans and carries out.
    @discardableResult
    private func importing(_ text: String, by size: Int = 500) throws -> [DirectoryEvent] {
        let plan = try plan(text)
        #expect(plan.faults.isEmpty, "\(plan.faults)")
        let count = world.events.count
        var rest = plan.lines[...]
        while !rest.isEmpty {
            try world.submit(ImportLines(rest.prefix(size), of: importID, into: acme, now: World.time(0)))
            rest = rest.dropFirst(size)
        }
        let events = world.events[count...]
        #expect(events.allSatisfy { $0.effectiveAt == nil && $0.imported?.import == importID })
        #expect(try self.plan(text).lines.isEmpty, "a second time nothing changes")
        return events.map(\.payload)
    }

    private func employee(_ email: String) throws -> UUID {
        try #require(
            world.events.lazy.compactMap { event -> UUID? in
                guard case .employee(let id, _, .created(_, let address, _, _, _)) = event.payload else { return nil }
                return address.text == email ? id : nil
            }.first)
    }

    private let company = """
        name,email,manager_email,role,group
        Bo,b@x.de,a@x.de,Engineer,Platform;On call
        Ada,a@x.de,,Boss,
        Cy,c@x.de,b@x.de,,Platform
        """

    @Test func `People, lines and groups are made, managers after their reports too`() throws {
        let before = world.events.count
        #expect(try plan(company).people.count == 3)
        #expect(world.events.count == before, "a plan changes nothing")
        let events = try importing(company, by: 2)
        let (ada, bo, cy) = (try employee("a@x.de"), try employee("b@x.de"), try employee("c@x.de"))
        #expect(world.row(bo).managers.map(\.manager) == [ada] && world.row(cy).managers.map(\.manager) == [bo])
        let groups = events.compactMap { event -> UUID? in
            if case .group(let id, _, .created(_, "TEAM")) = event { id } else { nil }
        }
        #expect(groups.map { world.groupRow($0).name } == ["Platform", "On call"])
        #expect(world.groups(of: bo, in: acme) == groups && world.groups(of: cy, in: acme) == [groups[0]])
        let lines = world.events.suffix(events.count).compactMap(\.imported?.line)
        #expect(Set(lines) == [2, 3, 4])
    }

    @Test func `Only what differs changes, and an empty cell changes nothing`() throws {
        try importing(company)
        let (ada, bo) = (try employee("a@x.de"), try employee("b@x.de"))
        let events = try importing(
            "name,email,manager_email,role,location,group\n,B@X.DE,,Lead,Oslo,platform;Sales\nAda,a@x.de,,,,\n")
        let sales = try #require(
            events.compactMap { if case .group(let id, _, .created) = $0 { id } else { nil } }.first)
        #expect(
            events == [
                .employee(bo, organization: acme, .roleChanged(Change(from: "Engineer", to: "Lead"))),
                .employee(bo, organization: acme, .profileChanged([ProfileChange("location", from: nil, to: "Oslo")])),
                .group(sales, organization: acme, .created(name: "Sales", type: "TEAM")),
                .membership(EntityReference(.employee, bo), organization: acme, .joined(sales, type: "MEMBER")),
            ])
        #expect(world.row(ada).role == "Boss" && world.row(bo).managers.map(\.manager) == [ada])
        #expect(world.row(bo).email == "b@x.de")
    }

    @Test func `A membership of another type, and a line of another type to others, stay`() throws {
        try importing(company)
        let (ada, cy) = (try employee("a@x.de"), try employee("c@x.de"))
        world.line(cy, to: ada, "DOTTED_LINE", in: acme)
        let group = try #require(world.groups(of: cy, in: acme).first)
        world.given(
            .membership(
                EntityReference(.employee, cy), organization: acme,
                .typeChanged(group, Change(from: "MEMBER", to: "LEAD"))))
        #expect(try importing(company).isEmpty)
        // A manager is the one DIRECT manager.
        let bo = try employee("b@x.de")
        #expect(
            try importing("email,manager_email\nc@x.de,a@x.de\n") == [
                .employee(cy, organization: acme, .managerRemoved(bo, type: "DIRECT")),
                .employee(cy, organization: acme, .managerTypeChanged(ada, Change(from: "DOTTED_LINE", to: "DIRECT"))),
            ])
    }

    @Test func `People change places, whatever the order of the rows`() throws {
        // A chain of eight becomes the same chain the other way up.
        let people = (0..<8).map { "p\($0)@x.de" }
        func chain(_ people: [String], _ rows: [Int]) -> String {
            let lines = rows.map { "\(people[$0]),N,\($0 > 0 ? people[$0 - 1] : "")" }
            return (["email,name,manager"] + lines).joined(separator: "\n")
        }
        for (index, rows) in [Array(0..<8), Array((0..<8).reversed()), [3, 1, 7, 0, 5, 2, 6, 4]].enumerated() {
            // Nobody is without a manager by a roster: the old top gets one, the new top keeps its line unless that one ends.
            let order = index.isMultiple(of: 2) ? people : people.reversed()
            if index > 0 {
                let top = try employee(order[0])
                for line in world.row(top).managers {
                    world.given(.employee(top, organization: acme, .managerRemoved(line.manager, type: line.type)))
                }
            }
            try importing(chain(order, rows), by: 3)
            for (manager, report) in zip(order, order.dropFirst()) {
                #expect(world.row(try employee(report)).managers.map(\.manager) == [try employee(manager)])
            }
        }
    }

    @Test func `One who left and is in the roster is active again`() throws {
        try importing(company)
        let cy = try employee("c@x.de")
        for line in world.row(cy).managers {
            world.given(.employee(cy, organization: acme, .managerRemoved(line.manager, type: line.type)))
        }
        world.given(.employee(cy, organization: acme, .deactivated))
        let events = try importing(company)
        #expect(events.first == .employee(cy, organization: acme, .activated) && world.row(cy).managers.count == 1)
    }

    @Test func `Rows that rules refuse are named, and those that need them`() throws {
        for name in ["Sales", "sales"] {
            world.given(.group(world.newID(), organization: acme, .created(name: Erasable(name), type: "TEAM")))
        }
        world.given(.group(world.group("Old", in: acme), organization: acme, .deactivated))
        let top = world.employee("Top", in: acme, email: "top@x.de"),
            low = world.employee("Low", in: acme, email: "low@x.de")
        world.line(low, to: top, in: acme)
        let plan = try plan(
            """
            name,email,manager_email,group
            Ada,a@x.de,,
            ,b@x.de,a@x.de,
            Cy,c@x.de,b@x.de,
            Di,d@x.de,c@x.de,
            Ed,e@x.de,nobody@x.de,
            Flo,f@x.de,a@x.de,New;Sales
            Gus,g@x.de,a@x.de,Old
            ,top@x.de,low@x.de,
            Hal,h@x.de,top@x.de,New
            """)
        #expect(
            plan.faults.map(\.description) == [
                "line 3: name: The person is not in the directory yet, so a name is needed.",
                "line 4: manager_email: the person of line 3, which is refused, is not in the directory",
                "line 5: manager_email: the person of line 4, which is refused, is not in the directory",
                "line 6: manager_email: nobody in the file or the directory has this address",
                "line 7: group: “Sales”: The organization has 2 groups of this name, so it is not clear which one is meant: "
                    + "give them names that differ.",
                "line 8: group: “Old”: The group is INACTIVE: activate it first, or leave it out.",
                "line 9: manager_email: The manager already reports to this employee over lines of type DIRECT.",
            ])
        #expect(plan.people.map(\.line) == [2, 10], "what is left can be imported")
        #expect(plan.groups.map(\.name) == ["New"] && plan.groups.map(\.line) == [10])
    }

    @Test func `The whole is loaded in few passes, however many rows there are`() throws {
        try importing(company)
        let rows = (0..<200).map { "N\($0),n\($0)@x.de,\(["a", "b", "c"][$0 % 3])@x.de,Group \($0 % 7)" }
        let file = try RosterFile(
            parsing: Array(
                (["name,email,manager,group", ",b@x.de,a@x.de,Platform"] + rows).joined(separator: "\n").utf8),
            now: World.time(0))
        struct Planning: Command {
            let file: RosterFile
            let organization: UUID
            var loads: [Load] { [] }
            func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, RosterPlan) {
                let plan = try file.plan(for: .organization(organization), view, at: now)
                return (Decision(plan.people.flatMap(\.events).map { Proposed($0) }, by: .system), plan)
            }
            func respond(_: View, _: Outcome, _ plan: RosterPlan) -> RosterPlan { plan }
        }
        var view = EmptyView(of: world)
        let events = try view.decide(Planning(file: file, organization: acme))
        #expect(
            events == (try file.plan(for: .organization(acme), world.view, at: World.time(0))).people.flatMap(\.events))
        #expect(view.passes <= 8, "\(view.passes)")
    }

    @Test func `A plan for a new organization says what would be in it`() throws {
        let file = try RosterFile(parsing: Array(company.utf8), now: World.time(0))
        let target = StartImport.Target.new(
            world.newID(), name: "New", ownerEmail: "new@x.de", ownerID: world.newID())
        let plan = try file.plan(for: target, world.view, at: World.time(0))
        #expect(plan.people.count == 3 && plan.people.allSatisfy(\.isNew) && plan.groups.count == 2)
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try self.plan(company) }
        refused(.notFound) { try file.plan(for: .organization(world.newID()), world.view, at: World.time(0)) }
    }
}
