import ArgumentParser
import Directory
import DirectoryEvents
import EventSourcing
import Foundation

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import the history of an organization's people, reporting lines and groups.",
        discussion: """
            FILE contains one JSON object per line, in the order of `at`:

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
            a rule of the directory refuses; the exit status is then 1. The service may be running.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The history file; - reads stdin.")
    var file: String

    @Option(help: ArgumentHelp("Import into this organization.", valueName: "id"))
    var organization: String?

    @Option(help: "Import into a new organization with this name …")
    var name: String?

    @Option(
        help: ArgumentHelp("… whose OWNER is the account with this address, created if missing.", valueName: "email"))
    var owner: String?

    private func target() throws -> HistoryImport.Target {
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

    func validate() throws { _ = try target() }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let history = try read()
        guard !history.lines.isEmpty else { throw Failure("\(file) contains no lines.") }
        let target = try target()
        let progress = Progress("Importing", "lines")
        let report = try await interruptible {
            try await location.withDatabase(create: true, settings, logger) { database in
                let role = try await database.setUp()
                defer { progress.end() }
                return try await HistoryImport(file: history, target: target, progress: progress).run(
                    database, role: role)
            }
        }
        try show(report)
        if let refused = report.refused { throw Failure("\(file): \(refused)") }
    }

    private func read() throws -> HistoryFile {
        let bytes: Data
        do {
            bytes =
                try file == "-"
                ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw Failure("\(file) cannot be read: \((error as? CocoaError).map(Import.reason) ?? "\(error)")")
        }
        do {
            return try HistoryFile(parsing: Array(bytes), now: .now)
        } catch {
            throw Failure("\(file): \(error)")
        }
    }

    private static func reason(_ error: CocoaError) -> String {
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default:
            (error.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) } ?? "\(error.code)"
        }
    }

    private func show(_ report: HistoryImport.Report) throws {
        if report.wentOnBehind > 0 { try Terminal.print("resumed after line \(report.wentOnBehind)") }
        try Terminal.print(
            "\(Progress.grouped(Int64(report.lines))) lines imported, \(Progress.grouped(Int64(report.events))) events")
        try Terminal.print("organization \(report.organization.text)")
    }
}
