import ArgumentParser

/// The program `directory`.
@main
struct DirectoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory",
        abstract: "An event-sourced directory of people, organizations and reporting lines, over PostgreSQL.",
        discussion: """
            Every command works on one directory, which is either in a PostgreSQL of your own (--database-url) or in a \
            folder, with a PostgreSQL that is started for it (--data-dir). All but `serve` may run beside the service.

            \(Variable.help(Variable.allCases))

            Exit status: 0 done; 1 failed or refused; 64 wrong usage; 69 the database cannot be reached; \
            130 interrupted (143: terminated); 141 the reader of the output went away.
            """,
        subcommands: [
            Serve.self, Migrate.self, RebuildCommand.self, Audit.self, Token.self, Import.self, Export.self,
        ])

    static func main() async {
        ignoreBrokenPipes()
        let command: any ParsableCommand
        do { command = try parseAsRoot() } catch { exit(withError: error) }
        do {
            try await run(command)
        } catch {
            guard let failure = Failure(error) else { type(of: command).exit(withError: error) }
            if let message = failure.message { Terminal.complain(message) }
            exit(withError: ExitCode(failure.code))
        }
    }

    private static func run(_ command: any ParsableCommand) async throws {
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            var command = command
            try command.run()
        }
    }
}
