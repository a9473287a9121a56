/// The environment variables that are settings, each declared once: every help text, and the warning about unknown ones, is
/// derived from here.
enum Variable: String, CaseIterable {
    case databaseURL = "DIRECTORY_DATABASE_URL"
    case dataDirectory = "DIRECTORY_DATA_DIR"
    case host = "DIRECTORY_HOST"
    case port = "DIRECTORY_PORT"
    case bootstrapAdmin = "DIRECTORY_BOOTSTRAP_ADMIN"
    case keys = "DIRECTORY_KEYS"
    case logOrigin = "DIRECTORY_LOG_ORIGIN"
    case jwtSecret = "DIRECTORY_JWT_SECRET"
    case jwtIssuer = "DIRECTORY_JWT_ISSUER"
    case jwtAudience = "DIRECTORY_JWT_AUDIENCE"
    case jwks = "DIRECTORY_JWKS"
    case jwksSubject = "DIRECTORY_JWKS_SUBJECT"
    case token = "DIRECTORY_TOKEN"
    case readDeadline = "DIRECTORY_READ_DEADLINE"
    case listDeadline = "DIRECTORY_LIST_DEADLINE"
    case metricsAddress = "DIRECTORY_METRICS_ADDRESS"
    case webhookHosts = "DIRECTORY_WEBHOOK_HOSTS"
    case logLevel = "DIRECTORY_LOG_LEVEL"
    case logFormat = "DIRECTORY_LOG_FORMAT"

    /// Those that every command reads.
    static let common: [Variable] = [.databaseURL, .dataDirectory, .logLevel, .logFormat]

    /// The option that takes precedence over it or, if there is none, what it means. With the names before them, the lines
    /// fit a terminal of 80 columns.
    private var meaning: [String] {
        switch self {
        case .databaseURL: ["--database-url (keeps a password out of `ps`)"]
        case .dataDirectory: ["--data-dir"]
        case .host: ["--host"]
        case .port: ["--port"]
        case .bootstrapAdmin: ["--bootstrap-admin"]
        case .keys:
            [
                "the key folder (default: <data dir>/keys or, with",
                "--database-url, the folder named after the log's",
                "id in ~/.local/state/directory)",
            ]
        case .logOrigin:
            [
                "the name of the log in its checkpoints, fixed at the",
                "first start, such as directory.example.com/log",
                "(default: directory.localhost/<log id>)",
            ]
        case .jwtSecret: ["the HS256 secret of the service's tokens", "(default: the file jwt.secret in that folder)"]
        case .jwtIssuer: ["the `iss` that tokens must have"]
        case .jwtAudience: ["the `aud` that tokens must have"]
        case .jwks:
            [
                "the keys of an identity provider whose tokens",
                "count too: a file or https URL of a JSON Web Key",
                "Set; needs DIRECTORY_JWT_ISSUER and _AUDIENCE",
            ]
        case .jwksSubject: ["`email`: the provider's `sub` may be an e-mail", "address (default: id, an account's id)"]
        case .token: ["the bearer token of `directory witness`"]
        case .readDeadline: ["how long a read of one entity waits for the", "database (default: 5s)"]
        case .listDeadline: ["how long a list waits for its next rows", "(default: 30s)"]
        case .metricsAddress:
            ["where to serve /metrics for Prometheus, such as", "127.0.0.1:9464 (default: nowhere)"]
        case .webhookHosts:
            [
                "hosts that webhooks may reach by http and at",
                "addresses that are not public, such as",
                "hooks.internal,10.0.0.7 (default: none)",
            ]
        case .logLevel: ["trace, debug, info, notice, warning, error or", "critical"]
        case .logFormat: ["text, json, or auto: text where stderr is a", "terminal, otherwise json (default: auto)"]
        }
    }

    /// The part of a help text that lists variables, in the order of their declaration.
    static func help(_ variables: [Variable]) -> String {
        let width = (allCases.map(\.rawValue.count).max() ?? 0) + 2
        let lines = allCases.filter(variables.contains).flatMap { variable in
            variable.meaning.enumerated().map { index, text in
                let name = index == 0 ? variable.rawValue : ""
                return "  \(name)\(String(repeating: " ", count: width - name.count))\(text)"
            }
        }
        return """
            Environment variables (options take precedence; a variable without an option \
            can only be set here):

            \(lines.joined(separator: "\n"))
            """
    }
}
