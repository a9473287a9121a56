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

            Every setting can come from the environment too; an option wins over it:

              DIRECTORY_DATABASE_URL     --database-url (keeps a password out of `ps`)
              DIRECTORY_DATA_DIR         --data-dir
              DIRECTORY_HOST             --host
              DIRECTORY_PORT             --port
              DIRECTORY_BOOTSTRAP_ADMIN  --bootstrap-admin
              DIRECTORY_KEYS             the folder of the keys, if not <data dir>/keys, or
                                         ~/.local/state/directory/<log id> with --database-url
              DIRECTORY_JWT_SECRET       the HS256 secret of the service's tokens, if not the file jwt.secret there
              DIRECTORY_JWT_ISSUER       what tokens must bear as `iss`
              DIRECTORY_JWT_AUDIENCE     what tokens must bear as `aud`
              DIRECTORY_LOG_LEVEL        trace, debug, info, notice, warning, error or critical

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
