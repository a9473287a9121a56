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
            let command = command
            let result = try await Subprocess.run(
                .path(FilePath(command.path)), arguments: Arguments(command.arguments), environment: .custom(variables),
                workingDirectory: FilePath(folder), platformOptions: options, input: input,
                output: .string(limit: 262_144), error: .string(limit: 262_144))
            return Outcome(
                succeeded: result.terminationStatus.isSuccess, output: result.standardOutput,
                errors: result.standardError)
        } catch {
            throw EmbeddedPostgresError(.failed, "Cannot run \(path): \(error)")
        }
    }

    /// The path of util-linux's program that changes the user and then becomes another program.
    private static let setpriv = "/usr/bin/setpriv"

    /// Subprocess's own way to change the user hangs now and then on Linux: in a child that it has cloned past the C
    /// library, whose `setuid` then waits for the other threads of the parent, of which the child has none.
    private var usesSetpriv: Bool {
        #if os(Linux)
            user != nil && Files.isExecutable(Self.setpriv)
        #else
            false
        #endif
    }

    private var command: (path: String, arguments: [String]) {
        guard usesSetpriv, let user else { return (path, arguments) }
        let change = ["--reuid=\(user.user)", "--regid=\(user.group)", "--clear-groups", "--"]
        return (Self.setpriv, change + [path] + arguments)
    }

    /// A session of its own: Ctrl-C at the terminal is for the service, which then stops Postgres in its own time.
    private var options: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        if let user, !usesSetpriv {
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
