import CommandProcessor
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// Carries a history into an organization, run by run. Each run is all or nothing, and whatever ends the import between two
/// of them, the log tells where to go on.
///
/// A run is submitted when the one before is durable: were they in flight together, a run could be carried out although the
/// one before it was refused.
struct HistoryImport: Sendable {
    /// Into which organization.
    enum Target: Sendable {
        /// One that is there.
        case existing(UUID)
        /// One to be made, whose OWNER is the account of an address.
        case new(name: String, ownerEmail: String)
    }

    /// What came of it.
    struct Report: Sendable {
        /// What was imported into.
        let organization: UUID
        /// The last line of an earlier import, behind which it went on; 0 where it began with the first.
        var wentOnBehind = 0
        /// How many lines were carried out.
        var lines = 0
        /// How many events they took.
        var events = 0
        /// The first line that a rule refuses, if there is one.
        var refused: RefusedLine?
    }

    let file: HistoryFile
    let target: Target
    let progress: Progress

    /// Imports, from the first line or behind the last that was imported before.
    func run(_ database: Database, role: String?) async throws -> Report {
        try await database.withSession("import") { session in
            // Two that go on with one file would carry its lines out twice. The lock goes with the session.
            guard try await session.query("select pg_try_advisory_lock(7021966, 4)")[0].bool(0) else {
                throw Failure("Another import into this directory is under way: wait for its end.")
            }
            let existing: UUID? = if case .existing(let id) = target { id } else { nil }
            let earlier = try await EarlierImports.read(of: file, into: existing, session)
            let plan = try ImportPlan(of: file, after: earlier.imports, lastEffectiveAt: earlier.lastEffectiveAt)
            return try await database.withProcessor(role: role) { processor in
                try await carryOut(plan, earlier.completed, processor)
            }
        }
    }

    private func carryOut(
        _ plan: ImportPlan, _ completed: [UUID: Int], _ processor: CommandProcessor<DirectoryEvent>
    ) async throws -> Report {
        var id = UUID.version7(at: .now)
        var destination = startTarget
        if case .goOn(let earlier) = plan {
            id = earlier.import
            destination = .organization(earlier.organization)
        }
        let organization: UUID
        if plan.needsStart(for: file) {
            organization = try await processor.submit(StartImport(id, of: file, into: destination))
        } else if case .goOn(let earlier) = plan {
            organization = earlier.organization
        } else {
            throw Failure("The import has no organization.")
        }
        var report = Report(organization: organization)
        if case .goOn(let earlier) = plan { report.wentOnBehind = earlier.lastLine }
        try await carryOut(plan.lines(of: file), of: id, processor, &report)
        if let refused = report.refused {
            _ = try await processor.submit(
                EndImport.stopped(id, of: file, after: refused.line - 1, in: organization))
        } else if completed[id] ?? 0 < file.lineCount {
            _ = try await processor.submit(EndImport.completed(id, of: file, in: organization))
        }
        return report
    }

    private var startTarget: StartImport.Target {
        switch target {
        case .existing(let id): .organization(id)
        case .new(let name, let ownerEmail):
            .new(.version7(at: .now), name: name, ownerEmail: ownerEmail, ownerID: .version7(at: .now))
        }
    }

    private func carryOut(
        _ lines: ArraySlice<HistoryLine>, of id: UUID, _ processor: CommandProcessor<DirectoryEvent>,
        _ report: inout Report
    ) async throws {
        var rest = lines
        while !rest.isEmpty {
            try Task.checkCancellation()
            var run = rest.prefix(ImportLines.most)
            do {
                report.events += try await submit(run, id, report.organization, processor)
            } catch {
                guard let refused = error as? RefusedLine else { throw error }
                report.refused = refused
                // What stands before it is in order.
                run = run.prefix { $0.number < refused.line }
                if !run.isEmpty { report.events += try await submit(run, id, report.organization, processor) }
                report.lines += run.count
                return
            }
            report.lines += run.count
            rest = rest.dropFirst(run.count)
            progress.show(Int64(report.lines), of: Int64(lines.count))
        }
    }

    private func submit(
        _ run: ArraySlice<HistoryLine>, _ id: UUID, _ organization: UUID, _ processor: CommandProcessor<DirectoryEvent>
    ) async throws -> Int {
        try await processor.submit(ImportLines(run, of: id, into: organization, now: .now))
    }
}
