/// How libpq is told where a cluster is: host, port, database and user, as one line.
struct ConnectionInfo: Sendable, Equatable {
    /// The role that `initdb` makes. Only who can reach the socket can be it, so it has no password.
    static let role = "directory"
    /// Socket names bear a port; said always, so that a `PGPORT` in the environment means nothing here.
    static let port = 5432

    let socketFolder: String
    var database: String

    var text: String {
        "host=\(quoted(socketFolder)) port=\(Self.port) dbname=\(quoted(database)) user=\(Self.role)"
    }

    private func quoted(_ value: String) -> String {
        var text = "'"
        for scalar in value.unicodeScalars {
            if scalar == "'" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "'"
    }
}
