import CommandProcessor
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// Imports a history into an organization, run by run. Each run is all or nothing; whatever interrupts the import between
/// runs, the log records where to resume.
///
/// A run is submitted only after the previous one is durable: if both were in flight, one could be carried out although
/// the previous one was refused.
struct HistoryImport: Sendable {
    /// The outcome of an import.
    struct Report: Sendable {
        let organization: UUID
        /// The last line of an earlier import, after which this one resumed; 0 if it began with the first line.
        var resumedAfter = 0
        /// How many lines were imported.
        var lines = 0
        /// How many events resulted.
        var events = 0
        /// The first line that a rule refused, if any.
        var refused: RefusedLine?
    }

    let file: HistoryFile
    let target: ImportTarget
    let progress: Progress

    /// Imports from the first line, or after the last line of an earlier import.
    func run(_ database: Database, role: String?) async throws -> Report {
        try await database.withImportLock { session in
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
            organization = try await processor.submit(StartImport(id, of: file.record, into: destination))
        } else if case .goOn(let earlier) = plan {
            organization = earlier.organization
        } else {
            throw Failure("The import has no organization.")
        }
        var report = Report(organization: organization)
        if case .goOn(let earlier) = plan { report.resumedAfter = earlier.lastLine }
        try await carryOut(plan.lines(of: file), of: id, processor, &report)
        if let refused = report.refused {
            _ = try await processor.submit(
                EndImport.stopped(id, of: file, after: refused.line - 1, in: organization))
        } else if completed[id] ?? 0 < file.lineCount {
            _ = try await processor.submit(EndImport.completed(id, of: file.record, in: organization))
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
        _ lines: ArraySlice<ImportLine>, of id: UUID, _ processor: CommandProcessor<DirectoryEvent>,
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
                // The lines before it are valid.
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
        _ run: ArraySlice<ImportLine>, _ id: UUID, _ organization: UUID, _ processor: CommandProcessor<DirectoryEvent>
    ) async throws -> Int {
        try await processor.submit(ImportLines(run, of: id, into: organization, now: .now))
    }
}
