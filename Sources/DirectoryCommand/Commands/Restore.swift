import ArgumentParser

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a log from an export into an empty database.",
        discussion: """
            The file is the output of `directory export` of a whole log. The database gets the same log: its id and name, \
            and every event with its position, id, time and hash, so that proofs and checkpoints of the old one hold for it. \
            Every commitment and leaf is computed again before its event is written. When all events are there, the read \
            models are built, and everything is verified as `directory verify` does. A line that is wrong is named by its \
            number, and the exit status is 1.

            Nothing is served from the database before the restore has ended. One that was interrupted goes on where it \
            stopped, if it is started again with the same file.

            No secret is in an export: docs/operating.md says which must be issued again. The service's keys are those in the \
            key folder; if it is lost, new ones are made at the first start.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The file; - reads stdin.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "A checkpoint that was kept elsewhere, which the restored log must extend. May be repeated.",
            valueName: "file"))
    var checkpoint: [String] = []

    @Option(
        help: ArgumentHelp("The log's verifier keys, one a line, which sign those checkpoints.", valueName: "file"))
    var vkey: String?

    func validate() throws {
        guard checkpoint.isEmpty == (vkey == nil) else {
            throw ValidationError("Give --checkpoint and --vkey together: an export has no keys to trust.")
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let verification = Verification(
            kept: try checkpoint.map { try KeptCheckpoint(path: $0) },
            keys: try vkey.map { try KeptCheckpoint.keys(path: $0) }, checksReadModels: true)
        let restoration = try Restoration(path: file, verification: verification)
        try await interruptible {
            try await location.withDatabase(create: true, settings, logger) { database in
                try await restoration.run(database) { try Terminal.print($0) }
            }
        }
    }
}
