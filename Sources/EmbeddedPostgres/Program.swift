import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program that is run to its end, and whose output is kept for the message if it fails.
struct Program {
    struct Outcome: Sendable {
        let succeeded: Bool
        let output: String
        let errors: String

        /// Both outputs, without blank lines.
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

    /// The program of util-linux that changes the user and then executes another program.
    private static let setpriv = "/usr/bin/setpriv"

    /// Subprocess's own way to change the user sometimes hangs on Linux: it clones the child without the C library's
    /// knowledge, whose `setuid` then waits for the parent's other threads, which the child does not have.
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

    /// A session of its own: Ctrl-C at the terminal reaches only the service, which then stops Postgres itself.
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

    /// Little is passed on: a `PGHOST` or `PGOPTIONS` meant for another server would mislead Postgres's programs.
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
