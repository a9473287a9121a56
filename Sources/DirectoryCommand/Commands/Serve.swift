import ArgumentParser
import Directory
import DirectoryAPI
import ServiceLifecycle

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the HTTP API.",
        discussion: """
            Brings the database up to date, creates or checks the keys that belong to its log, and serves until it is \
            stopped. On SIGINT (Ctrl-C) and SIGTERM it finishes the requests in progress first. The address and an \
            example request are written to stdout, the log to stderr: as JSON, unless that is a terminal.

            \(Variable.help(Variable.allCases))
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 picks a free one (default: 8080).")
    var port: String?

    @Option(
        help: ArgumentHelp(
            """
            An e-mail address. If the directory has no active SYSTEM_ADMIN, the account with this address becomes one; it is \
            created if it does not exist.
            """,
            valueName: "email"))
    var bootstrapAdmin: String?

    @Flag(
        help: """
            Populate an empty directory with a demo organization owned by that administrator and print a token for them.
            """)
    var demo = false

    func run() async throws {
        let settings = try Settings.current(isServing: true)
        let logger = settings.logger(usually: .info)
        settings.warnOfUnknown(logger)
        let administrator = bootstrapAdmin ?? settings.bootstrapAdmin
        if let administrator, !EmailAddress.isValid(administrator) {
            throw ValidationError("The administrator must be an e-mail address, not \"\(administrator)\".")
        }
        guard !demo || administrator != nil else {
            throw ValidationError("--demo needs --bootstrap-admin EMAIL, the owner of the demo organization.")
        }
        let serving = Serving(
            location: try database.location(settings), host: host ?? settings.host ?? "127.0.0.1",
            port: try port.map { try Settings.port($0, named: "--port") } ?? settings.port ?? 8080,
            bootstrapAdmin: administrator, isDemonstration: demo, settings: settings, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [serving], gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger.withoutDetails)
        // A client that reads its response very slowly must not keep the service from stopping.
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        do {
            try await serving.checkAddresses()
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            let failure = Failure(listening: error, on: serving.host, serving.port) ?? Failure(error)
            guard let failure, let message = failure.message, settings.logFormat == .json else {
                throw failure ?? error
            }
            // Whatever reads the log of a service reads its end, too.
            logger.critical("\(message)")
            throw Failure(nil, code: failure.code)
        }
    }
}
