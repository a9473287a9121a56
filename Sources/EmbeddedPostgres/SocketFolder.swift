/// The folder of a cluster's socket. Whoever can enter it is the database's owner, so no one else may: it has mode
/// 0700 and belongs to the user that Postgres runs as (root enters any folder).
///
/// It is in `/tmp`, not in the data directory, since the path of a socket ends at 104 bytes.
enum SocketFolder {
    static func path(for home: ClusterHome, user: ServerUser?) -> String {
        "/tmp/directory-\(ServerUser.id(user))-\(PathDigest.of(home.cluster))"
    }

    /// Makes the folder, or makes sure of the one that is there: `/tmp` is open to all, so anyone may have made it.
    static func prepare(_ path: String, user: ServerUser?) throws(EmbeddedPostgresError) {
        if try Files.makeFolder(path, mode: 0o700) {
            if let user { try Files.give(path, to: user) }
            return
        }
        let status = Files.status(path)
        // Ours but not yet the server's: we were stopped between making it and giving it away.
        if let user, let status, status.owner == 0, status.isDirectory { try Files.give(path, to: user) }
        guard isSafe(path, user: user) else {
            let owner = status.map { SystemCalls.name(ofUser: $0.owner) } ?? "someone else"
            let server = SystemCalls.name(ofUser: ServerUser.id(user))
            throw EmbeddedPostgresError(
                .unusableDirectory,
                "\(path) is meant for Postgres's socket, but it is not a folder of mode 0700 of user \(server): "
                    + "it belongs to \(owner). Remove it and start again."
            )
        }
    }

    /// Whether no one but the server's user can have put a socket there.
    static func isSafe(_ path: String, user: ServerUser?) -> Bool {
        guard let status = Files.status(path) else { return false }
        return status.isDirectory && status.mode & 0o077 == 0 && status.owner == ServerUser.id(user)
    }
}
