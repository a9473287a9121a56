import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program that is run to its end and whose words are kept for the message when it fails.
struct Program {
    struct Outcome: Sendable {
        let succeeded: Bool
        let output: String
        let errors: String

        /// What it said, without the blank lines around it.
        var words: String {
            (errors + "\n" + output).split(whereSeparator: \.isNewline).joined(separator: "\n")
        }
    }

    let path: String
    let arguments: [String]
    var user: ServerUser?
    var environment: [String: String] = [:]
    var folder: String = "/"

    func run() async throws(EmbeddedPostgresError) -> Outcome { try await run(input: .none) }

    func run(input: some InputProtocol) async throws(EmbeddedPostgresError) -> Outcome {
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(variables),
                workingDirectory: FilePath(folder), platformOptions: options, input: input,
                output: .string(limit: 262_144), error: .string(limit: 262_144))
            return Outcome(
                succeeded: result.terminationStatus.isSuccess, output: result.standardOutput,
                errors: result.standardError)
        } catch {
            throw EmbeddedPostgresError(.failed, "Cannot run \(path): \(error)")
        }
    }

    /// A session of its own: Ctrl-C at the terminal is for the service, which then stops Postgres in its own time.
    private var options: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        if let user {
            options.userID = user.user
            options.groupID = user.group
            options.supplementaryGroups = []
        }
        return options
    }

    /// Little is handed on: a `PGHOST` or `PGOPTIONS` meant for another server would lead Postgres's programs astray.
    private var variables: [Environment.Key: String] {
        var variables: [Environment.Key: String] = ["LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"]
        for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let value = SystemCalls.environment(name), let key = Environment.Key(rawValue: name) {
                variables[key] = value
            }
        }
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }
}
