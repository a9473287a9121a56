import ArgumentParser
import DirectoryAPI

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database up to date without serving.",
        discussion: """
            Applies the missing migrations, and builds the read models that this version needs and the database lacks. \
            `serve` does the same when it starts. A database that is up to date is left unchanged.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .notice)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        try await interruptible {
            try await location.withDatabase(create: true, settings, logger) { database in
                _ = try await database.setUp()
            }
        }
        try Terminal.print("The database is up to date.")
    }
}
