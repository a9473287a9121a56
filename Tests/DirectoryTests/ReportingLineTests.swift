import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import Foundation
import Testing

@Suite struct ReportingLineTests {
    let world = World()
    let owner: UUID
    let acme: UUID
    let people: [UUID]

    init() {
        let world = world
        owner = world.account("owner@example.com")
        let acme = world.organization(owner: owner)
        self.acme = acme
        people = (0..<5).map { world.employee("P\($0)", in: acme) }
    }

    @discardableResult
    private func assign(_ employee: Int, to manager: Int, _ type: String = "DIRECT") throws -> [DirectoryEvent] {
        try world.when(AssignManager(people[employee], manager: people[manager], type: type), by: owner)
    }

    private func replace(_ employee: Int, with lines: [(Int, String)]) throws -> [DirectoryEvent] {
        try world.when(
            ReplaceManagers(people[employee], lines: lines.map { (people[$0.0], $0.1) }), by: owner)
    }

    private func event(_ employee: Int, _ event: EmployeeEvent) -> DirectoryEvent {
        .employee(people[employee], organization: acme, event)
    }

    @Test func `A line begins, changes its type and ends`() throws {
        #expect(try assign(0, to: 1) == [event(0, .managerAssigned(people[1], type: "DIRECT"))])
        #expect(try assign(0, to: 1).isEmpty)
        #expect(
            try assign(0, to: 1, "DOTTED_LINE") == [
                event(0, .managerTypeChanged(people[1], Change(from: "DIRECT", to: "DOTTED_LINE")))
            ])
        let end = RemoveManager(people[0], manager: people[1])
        #expect(try world.when(end, by: owner) == [event(0, .managerRemoved(people[1], type: "DOTTED_LINE"))])
        refused(.notFound) { try world.when(end, by: owner) }
    }

    @Test func `Nobody reports to themselves or in a circle`() throws {
        refused(.rule, at: "/managerId") { try assign(0, to: 0) }
        try assign(0, to: 1)
        try assign(1, to: 2)
        try assign(2, to: 3)
        refused(.rule, at: "/managerId") { try assign(3, to: 0) }
        refused(.rule, at: "/managerId") { try assign(1, to: 0) }
        // Lines of another type make no circle.
        try assign(3, to: 0, "DOTTED_LINE")
        // But changing that line's type would close it.
        refused(.rule, at: "/managerId") { try assign(3, to: 0) }
        try world.when(RemoveManager(people[1], manager: people[2]), by: owner)
        #expect(try assign(3, to: 0).count == 1)
    }

    @Test func `A circle over several managers is found`() throws {
        try assign(0, to: 1)
        try assign(0, to: 2)
        try assign(2, to: 3)
        refused(.rule, at: "/managerId") { try assign(3, to: 0) }
    }

    @Test func `Both ends are active employees of one organization`() throws {
        let other = world.organization("Other", owner: owner)
        let foreign = world.employee("F", in: other)
        for manager in [foreign, world.newID()] {
            refused(.rule, at: "/managerId") {
                try world.when(AssignManager(people[0], manager: manager, type: "DIRECT"), by: owner)
            }
        }
        try world.when(SetStatus(.inactive, of: EmployeeStatus(people[4])), by: owner)
        refused(.rule, at: "/managerId") { try assign(0, to: 4) }
        refused(.rule) { try assign(4, to: 0) }
    }

    @Test func `A line to somebody who left stays until it is changed`() throws {
        try assign(0, to: 1)
        try world.when(SetStatus(.inactive, of: EmployeeStatus(people[1])), by: owner)
        #expect(try assign(0, to: 1).isEmpty)
        refused(.rule, at: "/managerId") { try assign(0, to: 1, "OTHER") }
        #expect(try replace(0, with: [(1, "DIRECT"), (2, "DIRECT")]).count == 1)
        #expect(try world.when(RemoveManager(people[0], manager: people[1]), by: owner).count == 1)
    }

    @Test func `All lines are replaced in one append`() throws {
        try assign(0, to: 1)
        try assign(0, to: 2)
        let events = try replace(0, with: [(2, "DOTTED_LINE"), (3, "DIRECT")])
        #expect(
            events == [
                event(0, .managerRemoved(people[1], type: "DIRECT")),
                event(0, .managerTypeChanged(people[2], Change(from: "DIRECT", to: "DOTTED_LINE"))),
                event(0, .managerAssigned(people[3], type: "DIRECT")),
            ])
        #expect(try replace(0, with: [(3, "DIRECT"), (2, "DOTTED_LINE")]).isEmpty)
        try assign(4, to: 0)
        refused(.rule, at: "/1/managerId") { try replace(0, with: [(2, "DIRECT"), (4, "DIRECT")]) }
        #expect(try replace(0, with: []).count == 2)
    }

    @Test func `An employee has at most 100 managers`() throws {
        let many = (0..<101).map { world.employee("M\($0)", in: acme) }
        let lines = many.map { (manager: $0, type: "DIRECT") }
        refused(.rule) { try world.when(ReplaceManagers(people[0], lines: lines), by: owner) }
        try world.when(ReplaceManagers(people[0], lines: Array(lines.prefix(100))), by: owner)
        refused(.rule) { try world.when(AssignManager(people[0], manager: many[100], type: "DIRECT"), by: owner) }
        #expect(
            try world.when(ReplaceManagers(people[0], lines: Array(lines.suffix(100))), by: owner).count == 2)
    }

    @Test func `Only owners and admins change lines`() throws {
        let manager = world.account("manager@example.com", "MANAGER", in: acme)
        try assign(0, to: 1)
        refused(.forbidden) {
            try world.when(AssignManager(people[0], manager: people[2], type: "DIRECT"), by: manager)
        }
        refused(.forbidden) { try world.when(ReplaceManagers(people[0], lines: []), by: manager) }
        refused(.forbidden) { try world.when(RemoveManager(people[0], manager: people[1]), by: manager) }
    }

    @Test func `The outcome names the employee and the position of its version`() throws {
        let mutation = AssignManager(people[0], manager: people[1], type: "DIRECT")
        guard case .done(_, let entity, let position) = try world.execute(mutation, by: Caller(.id(owner))).execution
        else {
            Issue.record("a repeat")
            return
        }
        #expect(entity == people[0])
        #expect(try world.view.version(Employees.self, entity)?.since == position)
    }
}
