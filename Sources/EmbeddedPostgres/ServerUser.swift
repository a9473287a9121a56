/// The user that Postgres runs as when root starts it: Postgres refuses to run as root.
struct ServerUser: Sendable, Equatable {
    let name: String
    let user: UInt32
    let group: UInt32

    init(name: String, user: UInt32, group: UInt32) {
        self.name = name
        self.user = user
        self.group = group
    }

    /// The user for a cluster in this folder, or nil if Postgres runs as our own user.
    ///
    /// If the cluster exists, it is its owner, so that root can continue with what an ordinary user created.
    init?(forCluster folder: String) throws(EmbeddedPostgresError) {
        let ourselves = SystemCalls.effectiveUser
        let owner = Files.status(folder)?.owner
        if ourselves != 0 {
            guard owner == nil || owner == ourselves else {
                let name = SystemCalls.name(ofUser: owner ?? 0)
                throw EmbeddedPostgresError(
                    .unusableDirectory,
                    "The database in \(folder) belongs to user \(name): "
                        + "run this as root or as \(name), or choose another data directory."
                )
            }
            return nil
        }
        if let owner, owner != 0 {
            self.init(
                name: SystemCalls.name(ofUser: owner), user: owner, group: SystemCalls.group(ofUser: owner))
            return
        }
        // Not a shared user such as nobody, whose other processes could reach the socket.
        for name in ["postgres", "_postgres"] {
            guard let ids = SystemCalls.user(named: name) else { continue }
            self.init(name: name, user: ids.user, group: ids.group)
            return
        }
        throw EmbeddedPostgresError(
            .notInstalled,
            "Postgres does not run as root, and there is no user postgres to run it as: "
                + "create one (useradd --system postgres) or start the service as an ordinary user.")
    }

    /// The id of the user that Postgres runs as.
    static func id(_ user: ServerUser?) -> UInt32 { user?.user ?? SystemCalls.effectiveUser }
}
