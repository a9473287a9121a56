/// The variables of the environment that are settings, each declared once: every help, and the warning of unknown ones, come
/// from here.
enum Variable: String, CaseIterable {
    case databaseURL = "DIRECTORY_DATABASE_URL"
    case dataDirectory = "DIRECTORY_DATA_DIR"
    case host = "DIRECTORY_HOST"
    case port = "DIRECTORY_PORT"
    case bootstrapAdmin = "DIRECTORY_BOOTSTRAP_ADMIN"
    case keys = "DIRECTORY_KEYS"
    case jwtSecret = "DIRECTORY_JWT_SECRET"
    case jwtIssuer = "DIRECTORY_JWT_ISSUER"
    case jwtAudience = "DIRECTORY_JWT_AUDIENCE"
    case logLevel = "DIRECTORY_LOG_LEVEL"

    /// Those that every command reads.
    static let common: [Variable] = [.databaseURL, .dataDirectory, .logLevel]

    /// The option that wins over it; or what it means, where it has none. Its lines fit a terminal of 80 columns behind the
    /// names.
    private var meaning: [String] {
        switch self {
        case .databaseURL: ["--database-url (keeps a password out of `ps`)"]
        case .dataDirectory: ["--data-dir"]
        case .host: ["--host"]
        case .port: ["--port"]
        case .bootstrapAdmin: ["--bootstrap-admin"]
        case .keys:
            [
                "the folder of the keys, if not <data dir>/keys or,",
                "with --database-url, that of the log's id in",
                "~/.local/state/directory",
            ]
        case .jwtSecret: ["the HS256 secret of the service's tokens, if not", "the file jwt.secret there"]
        case .jwtIssuer: ["what tokens must bear as `iss`"]
        case .jwtAudience: ["what tokens must bear as `aud`"]
        case .logLevel: ["trace, debug, info, notice, warning, error or", "critical"]
        }
    }

    /// The part of a help that lists variables, in the order of their declaration.
    static func help(_ variables: [Variable]) -> String {
        let width = (allCases.map(\.rawValue.count).max() ?? 0) + 2
        let lines = allCases.filter(variables.contains).flatMap { variable in
            variable.meaning.enumerated().map { index, text in
                let name = index == 0 ? variable.rawValue : ""
                return "  \(name)\(String(repeating: " ", count: width - name.count))\(text)"
            }
        }
        return """
            In the environment (an option wins; what has none is set there alone):

            \(lines.joined(separator: "\n"))
            """
    }
}
