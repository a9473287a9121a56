/// The folder of a cluster's socket. Whoever can enter it has the rights of the database's owner, so it has mode 0700
/// and belongs to the user that Postgres runs as (root can enter any folder).
///
/// It is in `/tmp`, not in the data directory, as the path of a socket is limited to 104 bytes.
enum SocketFolder {
    static func path(for home: ClusterHome, user: ServerUser?) -> String {
        "/tmp/directory-\(ServerUser.id(user))-\(PathDigest.of(home.cluster))"
    }

    /// Creates the folder, or checks an existing one: anyone may have created it, as `/tmp` is open to all.
    static func prepare(_ path: String, user: ServerUser?) throws(EmbeddedPostgresError) {
        if try Files.makeFolder(path, mode: 0o700) {
            if let user { try Files.give(path, to: user) }
            return
        }
        let status = Files.status(path)
        // Still root's: we were stopped between creating it and giving it to the server's user.
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
