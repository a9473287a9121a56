/// Where a cluster is, as a libpq connection string.
struct ConnectionInfo: Sendable, Equatable {
    /// The role that `initdb` creates. It has no password: whoever can reach the socket may use it, and no one else can.
    static let role = "directory"
    /// The name of a socket contains a port. It is always given, so that a `PGPORT` in the environment has no effect.
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
