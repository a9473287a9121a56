import ArgumentParser

@main
struct DirectoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory",
        abstract: "An event-sourced directory of people, organizations and reporting lines, over PostgreSQL.",
        discussion: """
            Every command but `witness` works on one directory, which is either in your own PostgreSQL (--database-url) or \
            in a folder, with a PostgreSQL that is started for it (--data-dir). All commands except `serve` may run while \
            the service runs.

            \(Variable.help(Variable.allCases))

            Exit status: 0 success; 1 failed or refused; 64 incorrect usage; 69 the database cannot be reached; \
            130 interrupted (143: terminated); 141 the reader closed the output.
            """,
        subcommands: [
            Serve.self, Migrate.self, RebuildCommand.self, Audit.self, Diff.self, Token.self, Import.self, Export.self,
            Restore.self, Verify.self, WitnessCommand.self, Key.self, VacuumCommand.self,
        ])

    // `@concurrent`, as the commands of the library are, since a command is not `Sendable`.
    @concurrent static func main() async {
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

    @concurrent private static func run(_ command: any ParsableCommand) async throws {
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            var command = command
            try command.run()
        }
    }
}
