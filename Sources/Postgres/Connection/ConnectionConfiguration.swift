/// What to connect to, and what is set on each connection before it is used.
public struct ConnectionConfiguration: Sendable {
    /// A libpq conninfo string or `postgres://` URI. May hold a password, and so is never printed.
    public var url: String
    /// What `pg_stat_activity` shows; the URL's own `application_name` wins.
    public var applicationName: String
    /// The role to `SET ROLE` to, after the settings.
    public var role: String?
    /// Run-time parameters to set, by name.
    public var settings: [String: String]
    /// Seconds of silence before TCP asks whether the peer is alive, and between its questions; nil leaves the
    /// system's.
    public var keepalives: (idle: Int, interval: Int, count: Int)? = (idle: 10, interval: 5, count: 3)
    /// Milliseconds that sent data may stay unacknowledged before the connection counts as lost; nil leaves the
    /// system's.
    public var tcpUserTimeout: Int? = 15_000
    /// How long one attempt to connect may take.
    public var connectTimeout: Duration = .seconds(10)

    /// A configuration with the defaults for everything that keeps a connection alive.
    public init(url: String, applicationName: String, role: String? = nil, settings: [String: String] = [:]) {
        self.url = url
        self.applicationName = applicationName
        self.role = role
        self.settings = settings
    }

    /// Keywords and values for libpq. Those before `dbname` are defaults, those after it override the URL.
    var keywords: [(String, String)] {
        var list = [("application_name", applicationName)]
        if let keepalives {
            list.append(("keepalives", "1"))
            list.append(("keepalives_idle", "\(keepalives.idle)"))
            list.append(("keepalives_interval", "\(keepalives.interval)"))
            list.append(("keepalives_count", "\(keepalives.count)"))
        }
        if let tcpUserTimeout { list.append(("tcp_user_timeout", "\(tcpUserTimeout)")) }
        list.append(("dbname", url))
        list.append(("client_encoding", "UTF8"))
        return list
    }

    /// The statements that apply settings and role to a new connection.
    var preparation: [(Statement, [Parameter])] {
        let all = settings.sorted { $0.key < $1.key } + (role.map { [(key: "role", value: $0)] } ?? [])
        return all.map { (Self.setConfig.statement, Self.setConfig.parameters($0)) }
    }

    private static let setConfig = Query<(key: String, value: String)> {
        "select set_config(\($0.text { $0.key }), \($0.text { $0.value }), false)"
    }
}

extension ConnectionConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The application's name and role; never the URL, which may hold a password.
    public var description: String { "ConnectionConfiguration(\(applicationName), role: \(role ?? "none"))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing, so that a dump shows no password either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
