import ArgumentParser
import Configuration
import Directory
import DirectoryAPI
import Logging
import TransparencyLog

/// The settings in the environment, read once. A command's options take precedence.
struct Settings: Sendable {
    let databaseURL: String?
    let dataDirectory: String?
    let host: String?
    /// Read for `serve` only: an invalid value must not stop commands that do not listen.
    let port: Int?
    let keys: String?
    /// Read for `serve` only, as the port is.
    let logOrigin: String?
    let jwtSecret: String?
    let jwtIssuer: String?
    let jwtAudience: String?
    /// The identity provider; read for `serve` only, as the port is.
    let identityProvider: IdentityProvider.Configuration?
    let bootstrapAdmin: String?
    /// Read for `serve` only, as the port is.
    let readDeadline: Duration?
    /// Read for `serve` only, as the port is.
    let listDeadline: Duration?
    /// Read for `serve` only, as the port is.
    let metricsAddress: ListeningAddress?
    let webhookHosts: WebhookHosts?
    let logLevel: Logger.Level?
    let logFormat: LogFormat

    /// The beginnings, after `DIRECTORY_`, of variables that are not settings of the program: those of the tests, and those
    /// that Kubernetes sets for a service named `directory`.
    private static let foreign = ["TEST_", "BENCH_", "SERVICE_", "PORT_"]

    /// Reads the environment of this process.
    static func current(isServing: Bool = false) throws -> Settings {
        try Settings(EnvironmentVariablesProvider(secretsSpecifier: secrets), isServing: isServing)
    }

    private static let secrets = SecretsSpecifier<String, String>.specific([
        Variable.databaseURL.rawValue, Variable.jwtSecret.rawValue, Variable.token.rawValue,
    ])

    /// - Parameter isServing: whether the command is `serve`.
    init(_ environment: EnvironmentVariablesProvider, isServing: Bool = true) throws {
        let reader = ConfigReader(provider: environment).scoped(to: "directory")
        func value(_ key: ConfigKey, isSecret: Bool = false) -> String? {
            reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
        }
        databaseURL = value("database.url", isSecret: true)
        dataDirectory = value("data.dir")
        host = value("host")
        port = try isServing ? value("port").flatMap(Settings.ownPort) : nil
        keys = value("keys")
        logOrigin = try isServing ? value("log.origin").map(Settings.origin) : nil
        jwtSecret = value("jwt.secret", isSecret: true)
        jwtIssuer = value("jwt.issuer")
        jwtAudience = value("jwt.audience")
        identityProvider =
            try isServing
            ? Settings.identityProvider(
                value("jwks"), subject: value("jwks.subject"), isBounded: jwtIssuer != nil && jwtAudience != nil)
            : nil
        bootstrapAdmin = value("bootstrap.admin")
        readDeadline = try isServing ? value("read.deadline").map { try Settings.duration($0, .readDeadline) } : nil
        listDeadline = try isServing ? value("list.deadline").map { try Settings.duration($0, .listDeadline) } : nil
        metricsAddress = try isServing ? value("metrics.address").map(Settings.address) : nil
        webhookHosts = try isServing ? value("webhook.hosts").map(Settings.webhookHosts) : nil
        logLevel = try value("log.level").map(Settings.level)
        logFormat = try value("log.format").map(Settings.format) ?? .automatic
    }

    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("DIRECTORY_LOG_LEVEL is \"\(text)\"; it must be one of \(levels).")
        }
        return level
    }

    private static func format(_ text: String) throws -> LogFormat {
        if text.lowercased() == "auto" { return .automatic }
        guard let format = LogFormat(rawValue: text.lowercased()) else {
            throw ValidationError("DIRECTORY_LOG_FORMAT is \"\(text)\"; it must be auto, text or json.")
        }
        return format
    }

    private static func address(_ text: String) throws -> ListeningAddress {
        guard let address = ListeningAddress(text) else {
            throw ValidationError(
                "DIRECTORY_METRICS_ADDRESS is \"\(text)\"; it must be an address and a port, such as 127.0.0.1:9464.")
        }
        return address
    }

    /// Reads `DIRECTORY_PORT`; `nil` if Kubernetes set it: with a service named `directory`, every pod gets a variable of that
    /// name that holds the service's address.
    private static func ownPort(_ text: String) throws -> Int? {
        text.hasPrefix("tcp://") ? nil : try port(text, named: Variable.port.rawValue)
    }

    /// Reads a port; 0 picks a free one.
    static func port(_ text: String, named name: String) throws -> Int {
        guard let port = Int(text), (0...65_535).contains(port) else {
            throw ValidationError("\(name) is \"\(text)\"; it must be a number from 0 to 65535.")
        }
        return port
    }

    private static func webhookHosts(_ text: String) throws -> WebhookHosts {
        guard let hosts = WebhookHosts(text) else {
            throw ValidationError(
                "\(Variable.webhookHosts.rawValue) is \"\(text)\"; it must be names and addresses of hosts, separated by commas."
            )
        }
        return hosts
    }

    private static func origin(_ text: String) throws -> String {
        guard NoteVerifier.isName(text) else {
            throw ValidationError(
                "DIRECTORY_LOG_ORIGIN is \"\(text)\"; it must be a name without spaces and plus signs, such as "
                    + "directory.example.com/log.")
        }
        return text
    }

    /// - Parameter isBounded: whether issuer and audience are required of all tokens.
    private static func identityProvider(
        _ keys: String?, subject: String?, isBounded: Bool
    ) throws -> IdentityProvider.Configuration? {
        guard ["id", "email", nil].contains(subject?.lowercased()) else {
            throw ValidationError("DIRECTORY_JWKS_SUBJECT is \"\(subject ?? "")\"; it must be id or email.")
        }
        guard let keys else { return nil }
        guard isBounded else {
            throw ValidationError(
                """
                DIRECTORY_JWKS needs DIRECTORY_JWT_ISSUER and DIRECTORY_JWT_AUDIENCE: without them, tokens that the provider \
                signed for others would be accepted.
                """)
        }
        guard let source = try? KeySetSource(keys) else {
            throw ValidationError("DIRECTORY_JWKS must be a file or an https URL; http is for this machine only.")
        }
        var configuration = IdentityProvider.Configuration(source)
        configuration.namesEmail = subject?.lowercased() == "email"
        return configuration
    }

    private static func duration(_ text: String, _ variable: Variable) throws -> Duration {
        guard let seconds = TimeText.seconds(text), seconds > 0 else {
            throw ValidationError("\(variable.rawValue) is \"\(text)\"; it must be a time such as 5s or 2m.")
        }
        return .seconds(seconds)
    }

    /// The names that look like settings but are not, sorted.
    static func unknown(in names: some Sequence<String>) -> [String] {
        names.filter { name in
            guard name.hasPrefix("DIRECTORY_") else { return false }
            let rest = name.dropFirst("DIRECTORY_".count)
            return Variable(rawValue: name) == nil && !foreign.contains { rest.hasPrefix($0) }
        }.sorted()
    }

    /// A logger to stderr, at the level set in the environment, otherwise the command's default.
    func logger(usually level: Logger.Level) -> Logger {
        var logger = Logger(label: "directory", factory: { LineLogHandler(label: $0, format: logFormat) })
        logger.logLevel = logLevel ?? level
        return logger
    }
}

extension Settings {
    /// Warns of variables that look like settings but are not; a misspelt one would otherwise be ignored silently.
    func warnOfUnknown(_ logger: Logger) {
        for name in Settings.unknown(in: Platform.environmentNames) {
            logger.warning("\(name) is set, but is not a setting of this version: see `directory --help`")
        }
    }
}
