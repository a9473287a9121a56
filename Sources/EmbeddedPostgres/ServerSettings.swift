/// The settings of a cluster, as the file that Postgres reads at its start.
struct ServerSettings: Sendable {
    static let fileName = "directory.conf"

    let socketFolder: String
    let options: EmbeddedPostgres.Options

    /// A caller's setting wins over ours, but for those that say who can reach the server.
    var values: [String: String] {
        var values = Self.defaults
        if !options.durable { values.merge(Self.forgetful) { $1 } }
        values.merge(options.settings) { $1 }
        values.merge(access) { $1 }
        return values
    }

    var text: String {
        "# Written anew at each start by `directory`: changes made here are lost.\n"
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

    /// For clusters that are thrown away: nothing waits for the disk. Commits are still handed to the system at once
    /// (`synchronous_commit` stays on), so a killed server loses none; only a power cut would.
    private static let forgetful = ["fsync": "off", "full_page_writes": "off"]

    private func quoted(_ value: String) -> String {
        "'" + value.map { $0 == "'" ? "''" : $0 == "\\" ? "\\\\" : String($0) }.joined() + "'"
    }
}
