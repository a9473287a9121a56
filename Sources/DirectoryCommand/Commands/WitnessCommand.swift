import ArgumentParser
import TransparencyLog

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Check that the log of a service only ever grows, and keep its last checkpoint.",
        discussion: """
            Run it from time to time on a machine that those who run the service do not control. It gets a checkpoint from \
            the service, verifies its signature, and proves that it extends the one in FILE, which it then replaces. If it \
            does not, the log was rewritten or has lost events: the exit status is 1, FILE stays as it is, and what was \
            served is kept in FILE.alarm. FILE is a checkpoint as `directory verify --checkpoint` takes it.

            DIRECTORY_TOKEN is a token of any active account.

            \(Variable.help([.token, .logLevel]))
            """)

    @Option(help: ArgumentHelp("The address of the service, such as https://directory.example.com.", valueName: "url"))
    var url: String

    @Option(help: ArgumentHelp("The log's verifier keys, one a line, as GET …/vkey gives them.", valueName: "file"))
    var vkey: String

    @Option(help: ArgumentHelp("Where the last checkpoint is kept.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("A file with the token, instead of DIRECTORY_TOKEN.", valueName: "file"))
    var tokenFile: String?

    func validate() throws {
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw ValidationError("--url must be an http or https address.")
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        settings.warnOfUnknown(settings.logger(usually: .warning))
        guard let token = try tokenFile.map(TokenFile.read) ?? Platform.environment(Variable.token.rawValue),
            !token.isEmpty
        else { throw ValidationError("There is no token: give DIRECTORY_TOKEN or --token-file.") }
        let witness = Witness(
            service: LogService(url: url, token: token), keys: try KeptCheckpoint.keys(path: vkey), file: file)
        do {
            switch try await interruptible({ try await witness.run() }) {
            case .first(let checkpoint):
                try Terminal.print("first checkpoint: \(checkpoint.size) events of \(checkpoint.origin)")
            case .unchanged(let checkpoint): try Terminal.print("unchanged: \(checkpoint.size) events")
            case .extended(let size, let checkpoint):
                try Terminal.print("consistent: \(checkpoint.size) events begin with the \(size) seen before")
            }
        } catch let alarm as Witness.Alarm {
            throw Failure("ALARM: \(alarm)")
        }
    }
}

/// A file with a bearer token.
private enum TokenFile {
    static func read(_ path: String) throws -> String {
        var lines = try FileLines(path: path)
        return String(decoding: try lines.next() ?? [], as: UTF8.self)
    }
}
