import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import TestSupport
import Testing

/// A whole history is imported, and at each mark the directory has the employees and reporting lines of that time.
///
/// `DIRECTORY_TEST_DATA` names a folder with `data/reporting-history.ndjson` and `data/reporting-truth.ndjson`; without it a
/// generated history of the same shape is used.
@Suite struct ReportingHistoryTests {
    @Test(arguments: [1, 37, ImportLines.most])
    func `The folded events are the truth at every mark`(_ run: Int) throws {
        let history = try ReportingHistory.load()
        let file = try HistoryFile(parsing: history.lines)
        #expect(file.lineCount == history.lineCount)
        let world = World()
        let (organization, importID) = (world.newID(), world.newID())
        let target = StartImport.Target.new(
            organization, name: "History", ownerEmail: "owner@example.com", ownerID: world.newID())
        try world.submit(StartImport(importID, of: file.record, into: target))

        var done = 0
        for mark in history.marks {
            while done < mark.line {
                let next = min(done + run, mark.line)
                try world.submit(
                    ImportLines(file.lines[done..<next], of: importID, into: organization, now: World.time(0)))
                done = next
            }
            let (employees, reports) = present(world)
            #expect(employees == mark.employees, "line \(mark.line)")
            #expect(reports == mark.reports, "line \(mark.line)")
        }
        // The trail has all lines in their order.
        let lines = world.events.compactMap(\.imported?.line)
        #expect(lines == lines.sorted())
        #expect(lines.last == file.lines.last?.number)
    }

    /// The active employees, and the lines of them to active managers, by the local parts of their addresses.
    private func present(_ world: World) -> (employees: Set<String>, reports: Set<[String]>) {
        func word(_ id: UUID) -> String { String(world.row(id).email?.prefix { $0 != "@" } ?? "") }
        let made = world.events.compactMap { event -> UUID? in
            if case .employee(let id, _, .created) = event.payload { id } else { nil }
        }
        let active = made.filter { world.row($0).isActive }
        let reports = active.flatMap { id in world.row(id).managers.map { [word(id), word($0.manager)] } }
        return (Set(active.map(word)), Set(reports))
    }
}
