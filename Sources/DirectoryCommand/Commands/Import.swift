import ArgumentParser
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Logging

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import an organization's people, reporting lines and groups: their history, or a roster.",
        discussion: """
            A history (ndjson) contains one JSON object per line, in the order of `at`:

              {"at": TIME, "op": "hire", "person": ID, "name": …, "email": …, "role": …, "location": …}
              {"at": TIME, "op": "leave", "person": ID}
              {"at": TIME, "op": "set_manager" or "unset_manager", "person": ID, "manager": ID}
              {"at": TIME, "op": "role", "person": ID, "role": …}
              {"at": TIME, "op": "location", "person": ID, "location": …}
              {"at": TIME, "op": "group", "group": ID, "name": …, "type": …}
              {"at": TIME, "op": "ungroup", "group": ID}
              {"at": TIME, "op": "join", "person" or "subgroup": ID, "group": ID, "type": …}
              {"at": TIME, "op": "leave_group", "person" or "subgroup": ID, "group": ID}

            Each change takes effect at its `at`. The whole file is read before anything is imported, so a malformed \
            file is refused without changing anything. Importing the same file again, with or without lines added, \
            resumes after the last line imported, also after an interruption. The import stops before the first line that \
            a rule of the directory refuses; the exit status is then 1.

            A roster (csv) is a spreadsheet with one row per person. Its first line names the columns:

              \(Import.rosterColumns)

            Only email is required, and a name for people who are not in the directory yet. Several groups are separated by \
            semicolons; those that do not exist are made. A roster only adds and changes: an empty cell changes nothing, and \
            people who are not in it stay as they are. It takes effect now. Every bad row is named with its line, and then \
            nothing is imported, unless --skip-bad leaves those rows out. Importing the same file again changes nothing.

            The service may be running.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    /// The kinds of file.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ndjson, csv
    }

    private static let rosterColumns =
        "name, email, manager_email, role, type, group, location, and the other profile fields"

    @Argument(help: "The file; - reads stdin.")
    var file: String

    @Option(help: "The kind of file (default: csv if its name ends in .csv, otherwise ndjson).")
    var format: Format?

    @Flag(help: "Print what a roster would change, and change nothing.")
    var dryRun = false

    @Flag(help: "Import a roster without its bad rows.")
    var skipBad = false

    @Option(help: ArgumentHelp("Import into this organization.", valueName: "id"))
    var organization: String?

    @Option(help: "Import into a new organization with this name …")
    var name: String?

    @Option(
        help: ArgumentHelp("… whose OWNER is the account with this address, created if missing.", valueName: "email"))
    var owner: String?

    private func target() throws -> ImportTarget {
        switch (organization, name, owner) {
        case (let text?, nil, nil):
            guard let id = UUID(text: text) else { throw ValidationError("--organization must be a UUID.") }
            return .existing(id)
        case (nil, let name?, let owner?):
            // The same rule as in the API.
            if let fault = TextRule.name.fault(in: name) { throw ValidationError("--name \(fault).") }
            guard EmailAddress.isValid(owner) else { throw ValidationError("--owner must be an e-mail address.") }
            return .new(name: name, ownerEmail: owner)
        default: throw ValidationError("Give either --organization ID, or --name NAME and --owner EMAIL.")
        }
    }

    private var isRoster: Bool { format.map { $0 == .csv } ?? file.lowercased().hasSuffix(".csv") }

    func validate() throws {
        _ = try target()
        guard isRoster || !(dryRun || skipBad) else {
            throw ValidationError("--dry-run and --skip-bad are for rosters: add --format csv.")
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let bytes = try WholeFile.bytes(at: file)
        let target = try target()
        let progress = Progress("Importing", "lines")
        defer { progress.end() }
        if isRoster {
            try await run(roster: try roster(bytes), into: target, progress, location, settings, logger)
        } else {
            try await run(history: try history(bytes), into: target, progress, location, settings, logger)
        }
    }

    private func run(
        history: HistoryFile, into target: ImportTarget, _ progress: Progress, _ location: DatabaseLocation,
        _ settings: Settings, _ logger: Logger
    ) async throws {
        let report = try await interruptible {
            try await location.withDatabase(create: true, settings, logger) { database in
                let role = try await database.setUp()
                return try await HistoryImport(file: history, target: target, progress: progress).run(
                    database, role: role)
            }
        }
        progress.end()
        try show(report)
        if let refused = report.refused { throw Failure("\(file): \(refused)") }
    }

    private func run(
        roster: RosterFile, into target: ImportTarget, _ progress: Progress, _ location: DatabaseLocation,
        _ settings: Settings, _ logger: Logger
    ) async throws {
        let rosterImport = RosterImport(
            file: roster, target: target, isDryRun: dryRun, skipsBadRows: skipBad, progress: progress)
        let report = try await interruptible {
            try await location.withDatabase(create: !dryRun, settings, logger) { database in
                let role = try await database.setUp()
                return try await rosterImport.run(database, role: role)
            }
        }
        progress.end()
        try show(report, ignoredColumns: roster.ignoredColumns)
    }

    private func history(_ bytes: [UInt8]) throws -> HistoryFile {
        let history: HistoryFile
        do { history = try HistoryFile(parsing: bytes, now: .now) } catch { throw Failure("\(file): \(error)") }
        guard !history.lines.isEmpty else { throw Failure("\(file) contains no lines.") }
        return history
    }

    private func roster(_ bytes: [UInt8]) throws -> RosterFile {
        do { return try RosterFile(parsing: bytes, now: .now) } catch { throw Failure("\(file): \(error)") }
    }

    private func show(_ report: HistoryImport.Report) throws {
        if report.resumedAfter > 0 { try Terminal.print("resumed after line \(report.resumedAfter)") }
        try Terminal.print(
            "\(Progress.grouped(Int64(report.lines))) lines imported, \(Progress.grouped(Int64(report.events))) events")
        try Terminal.print("organization \(report.organization.text)")
    }

    private func show(_ report: RosterImport.Report, ignoredColumns: [String]) throws {
        if !ignoredColumns.isEmpty {
            Terminal.say(
                "Not imported, since nothing is known of such columns: \(ignoredColumns.joined(separator: ", "))\n")
        }
        let faults = report.plan.faults
        for fault in faults { Terminal.say("\(file): \(fault)\n") }
        if !faults.isEmpty, !skipBad {
            throw Failure(
                "\(file): nothing was imported. Correct the lines named above, or leave those rows out with --skip-bad."
            )
        }
        let text = RosterText(plan: report.plan)
        if dryRun { for change in text.changes { try Terminal.print(change) } }
        let rows = Set(faults.map(\.line)).count
        let skipped = rows == 0 ? "" : " Left out: \(rows) bad \(rows == 1 ? "row" : "rows")."
        try Terminal.print(text.summary(isDryRun: dryRun) + skipped)
        if let organization = report.organization { try Terminal.print("organization \(organization.text)") }
    }
}
