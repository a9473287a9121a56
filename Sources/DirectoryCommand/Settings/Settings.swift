import ArgumentParser
import Configuration
import Logging

/// What the environment says, read once. Options of a command win over it.
struct Settings: Sendable {
    let databaseURL: String?
    let dataDirectory: String?
    let host: String?
    /// For `serve` alone: nobody else listens, or has to know what is wrong with it.
    let port: Int?
    let keys: String?
    let jwtSecret: String?
    let jwtIssuer: String?
    let jwtAudience: String?
    let bootstrapAdmin: String?
    let logLevel: Logger.Level?

    /// Variables of that prefix which are not settings of the program: of the tests, and those that Kubernetes makes up for a
    /// service named `directory`.
    private static let foreign = ["TEST_", "BENCH_", "SERVICE_", "PORT_"]

    /// Reads the environment of this process.
    static func current(isServing: Bool = false) throws -> Settings {
        try Settings(EnvironmentVariablesProvider(secretsSpecifier: secrets), isServing: isServing)
    }

    private static let secrets = SecretsSpecifier<String, String>.specific([
        Variable.databaseURL.rawValue, Variable.jwtSecret.rawValue,
    ])

    /// Reads an environment.
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
        jwtSecret = value("jwt.secret", isSecret: true)
        jwtIssuer = value("jwt.issuer")
        jwtAudience = value("jwt.audience")
        bootstrapAdmin = value("bootstrap.admin")
        logLevel = try value("log.level").map { text in
            guard let level = Logger.Level(rawValue: text.lowercased()) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("DIRECTORY_LOG_LEVEL is \"\(text)\"; it must be one of \(levels).")
            }
            return level
        }
    }

    /// Reads `DIRECTORY_PORT`; `nil` where it is Kubernetes's: a service named `directory` gives every pod one that holds the
    /// service's address.
    private static func ownPort(_ text: String) throws -> Int? {
        text.hasPrefix("tcp://") ? nil : try port(text, named: Variable.port.rawValue)
    }

    /// Reads a port; 0 takes a free one.
    static func port(_ text: String, named name: String) throws -> Int {
        guard let port = Int(text), (0...65_535).contains(port) else {
            throw ValidationError("\(name) is \"\(text)\"; it must be a number from 0 to 65535.")
        }
        return port
    }

    /// Names variables that look like settings and are none, in the order of their names.
    static func unknown(in names: some Sequence<String>) -> [String] {
        names.filter { name in
            guard name.hasPrefix("DIRECTORY_") else { return false }
            let rest = name.dropFirst("DIRECTORY_".count)
            return Variable(rawValue: name) == nil && !foreign.contains { rest.hasPrefix($0) }
        }.sorted()
    }

    /// A logger to stderr, at the level that the environment asks for, else the command's usual one.
    func logger(usually level: Logger.Level) -> Logger {
        var logger = Logger(label: "directory", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel ?? level
        return logger
    }
}

extension Settings {
    /// Says which variables look like settings and are none: a misspelt one would else be missed silently.
    func warnOfUnknown(_ logger: Logger) {
        for name in Settings.unknown(in: Platform.environmentNames) {
            logger.warning("\(name) is set, but is not a setting of this version: see `directory --help`")
        }
    }
}
