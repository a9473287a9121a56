import ArgumentParser
import EventLog

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify that the log is as it was written, and that what is served follows from it.",
        discussion: """
            Reads the whole log and computes every commitment, leaf, tile and the root again, compares them with what is \
            stored and with the last checkpoint that was signed, then replays the log and compares the result with the read \
            models. The first thing that is wrong is printed, with its position, and the exit status is 1. The service may \
            be running.

            Whoever can change everything in the database can also make it agree with itself. A checkpoint that was kept \
            elsewhere shows it: --checkpoint proves that the log still begins with the very events that it had then.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "A checkpoint that was kept elsewhere, or a proof with one. May be repeated.", valueName: "file"))
    var checkpoint: [String] = []

    @Option(
        help: ArgumentHelp(
            "The log's verifier keys, one a line (default: those that the database names).", valueName: "file"))
    var vkey: String?

    @Option(
        help: ArgumentHelp(
            "Verify this output of `directory export`, without a database; - reads stdin.", valueName: "file"))
    var export: String?

    @Flag(help: "Do not compare the read models with a replay.")
    var logOnly = false

    func validate() throws {
        guard export == nil || (database.databaseURL == nil && database.dataDirectory == nil) else {
            throw ValidationError("Give either --export or a database, not both.")
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let verification = Verification(
            kept: try checkpoint.map { try KeptCheckpoint(path: $0) },
            keys: try vkey.map { try KeptCheckpoint.keys(path: $0) }, checksReadModels: !logOnly)
        do {
            if let export {
                return try await interruptible { try verification.run(export: export) { try Terminal.print($0) } }
            }
            let location = try database.location(settings)
            try await interruptible {
                try await location.withDatabase(create: false, settings, logger) { database in
                    _ = try await database.withSession("verify") { try await LogIdentity.read($0) }
                    // The tables to compare with must exist and be of this version.
                    _ = try await database.setUp()
                    try await verification.run(database) { try Terminal.print($0) }
                }
            }
        } catch let finding as LogFinding {
            throw Failure("The log is not as it was written: \(finding).")
        }
    }
}
