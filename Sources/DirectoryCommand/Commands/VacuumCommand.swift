import ArgumentParser
import DirectoryAPI
import ReadModels

struct VacuumCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum",
        abstract: "Remove what Postgres still keeps on disk of what has been erased.",
        discussion: """
            Postgres leaves old versions of rows in its files until their place is needed. This writes the tables again that \
            may have something erased, without it, and drops what rebuilds have left over. Requests wait while the table that \
            they need is written again, so choose a quiet hour; it needs as much free disk space as the largest table takes. \
            It runs as the role that owns the database's objects.

            Transactions that began before an erasure (a dump, a replica's long query) keep the old versions alive: run it when \
            they have ended. It does not reach the write-ahead log, its archives and backups.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                _ = try await database.withSession("vacuum") { try await LogIdentity.read($0) }
                let vacuum = Vacuum(
                    readModels: DirectoryNode.readModels, configuration: database.configuration("vacuum"),
                    logger: logger)
                try await vacuum.run { table, before, after in
                    try Terminal.print(
                        "\(table): \(Progress.grouped(before)) bytes, now \(Progress.grouped(after))")
                }
            }
        }
    }
}
