import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import ReportingLinesProjection
import TestSupport
import Testing

@testable import ReadModels

/// What a walk brings into a view.
@Suite struct WalkTests {
    private let acme = UUID(high: 7, low: 1)
    private let people = (2..<8).map { UUID(high: 7, low: $0) }

    /// Two chains of three people: 0 reports to 1 and 1 to 2, 3 to 4 and 4 to 5, all over lines of a type.
    private func chains() async throws -> TestDatabase {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var events: [DirectoryEvent] = [.organization(acme, .created(name: "Acme", alias: "acme"))]
        for person in people {
            events.append(
                .employee(
                    person, organization: acme,
                    .created(
                        name: "P", email: Erasable("\(person.text)@x.org"), role: nil, type: "EMPLOYEE", account: nil)))
        }
        for (employee, manager) in [(0, 1), (1, 2), (3, 4), (4, 5)] {
            let type = employee < 3 ? "DIRECT" : "DOTTED"
            events.append(
                .employee(people[employee], organization: acme, .managerAssigned(people[manager], type: type)))
        }
        try await writer.append(events)
        return database
    }

    /// Which of the people a view holds after it has loaded.
    private func held(after loads: [Load], _ database: TestDatabase) async throws -> [Bool] {
        let view = View()
        let session = try await database.session()
        let reads = directoryModels.reads(loads)
        let results = try await session.send(reads.map(\.step))
        await session.close()
        for (read, rows) in zip(reads, results) { try read.insert(rows, into: view) }
        return people.map { view.table(Employees.self).find($0) != nil }
    }

    private func load(_ type: String, from start: Int) -> Load {
        .walk(Employees.self, ReportingLines.managersAbove(over: type), from: .uuid(people[start]))
    }

    @Test func `A walk finds all that is above any of its starts, over lines of its type`() async throws {
        let database = try await chains()
        #expect(
            try await held(after: [load("DIRECT", from: 1), load("DIRECT", from: 3)], database)
                == [false, true, true, true, false, false])
        #expect(
            try await held(after: [load("DOTTED", from: 1), load("DOTTED", from: 3)], database)
                == [false, true, false, true, true, true])
    }

    @Test func `A walk's query may take its starts after its other parameters`() async throws {
        let database = try await chains()
        let query = WalkQuery<UUID> { "select \($0.uuid { $0 }) union select unnest(\($0.starts(.uuid)))" }
        let loads = [1, 4].map {
            Load.walk(Employees.self, Walk(keys: query, people[5]), from: .uuid(people[$0]))
        }
        #expect(try await held(after: loads, database) == [false, true, false, false, true, true])
    }
}
