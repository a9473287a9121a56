/// The settings of a cluster, written to a file that Postgres reads when it starts.
struct ServerSettings: Sendable {
    static let fileName = "directory.conf"

    let socketFolder: String
    let options: EmbeddedPostgres.Options

    /// A caller's settings override ours, except those that determine who can reach the server.
    var values: [String: String] {
        var values = Self.defaults
        if !options.durable { values.merge(Self.notDurable) { $1 } }
        values.merge(options.settings) { $1 }
        values.merge(access) { $1 }
        return values
    }

    var text: String {
        "# Written by `directory` at each start: changes made here are lost.\n"
            + values.sorted { $0.key < $1.key }.map { "\($0.key) = \(quoted($0.value))\n" }.joined()
    }

    private var access: [String: String] {
        [
            "listen_addresses": "",
            "port": "\(ConnectionInfo.port)",
            "unix_socket_directories": socketFolder,
            "unix_socket_permissions": "0700",
        ]
    }

    private static let defaults = [
        "jit": "off",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
        "log_timezone": "UTC",
        "max_connections": "30",
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "wal_level": "replica",
    ]

    /// For temporary clusters: nothing waits for the disk. Commits still reach the operating system at once
    /// (`synchronous_commit` stays on), so a killed server loses none; only a power failure would.
    private static let notDurable = ["fsync": "off", "full_page_writes": "off"]

    private func quoted(_ value: String) -> String {
        "'" + value.map { $0 == "'" ? "''" : $0 == "\\" ? "\\\\" : String($0) }.joined() + "'"
    }
}
