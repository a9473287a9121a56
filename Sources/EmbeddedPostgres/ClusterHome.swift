/// The folder that holds a cluster and the locks around it: the data directory itself, or, where root runs us and
/// the server's user cannot enter that, one under `/var/lib/directory`, with a note about it in the data directory.
struct ClusterHome: Sendable {
    static let noteName = "postgres.location"
    /// Postgres refuses paths of 1,024 bytes, its own file names included.
    static let longestPath = 900

    /// The data directory, as an absolute path.
    let dataDirectory: String
    let folder: String

    var cluster: String { "\(folder)/postgres" }
    /// A cluster that is being created; it is renamed when complete.
    var draft: String { "\(folder)/postgres.new" }
    /// Held by the one process that serves.
    var serveLock: String { "\(folder)/serve.lock" }
    /// Shared by all users of the running server: the last one stops it.
    var usersLock: String { "\(folder)/users.lock" }
    /// Held while the server is started or stopped.
    var transitionLock: String { "\(folder)/transition.lock" }

    var hasCluster: Bool { Files.exists("\(cluster)/PG_VERSION") }

    /// A home that exists already; nil if there is none.
    static func existing(dataDirectory: String) -> ClusterHome? {
        guard let path = Files.canonical(dataDirectory) else { return nil }
        let home = ClusterHome(dataDirectory: path, folder: note(in: path) ?? path)
        return home.hasCluster ? home : nil
    }

    /// The home of this data directory, created if it is missing.
    static func make(
        dataDirectory: String, reachable: (String, ServerUser) async throws(EmbeddedPostgresError) -> Bool
    ) async throws(EmbeddedPostgresError) -> ClusterHome {
        try check(dataDirectory)
        let isRoot = SystemCalls.effectiveUser == 0
        // The server is another user, so others may pass through a folder that root creates, but not list it.
        try Files.makeFolders(dataDirectory, mode: isRoot ? 0o711 : 0o700)
        guard let path = Files.canonical(dataDirectory) else { throw Files.failure("enter", dataDirectory) }
        try check(path)
        if let elsewhere = note(in: path) {
            let home = ClusterHome(dataDirectory: path, folder: elsewhere)
            guard home.hasCluster else {
                throw EmbeddedPostgresError(
                    .unusableDirectory,
                    "\(path)/\(noteName) says that the database is in \(elsewhere), but it is not there. "
                        + "Bring it back, or remove that file to begin with an empty database.")
            }
            return home
        }
        let home = ClusterHome(dataDirectory: path, folder: path)
        guard isRoot, let user = try ServerUser(forCluster: home.cluster), try await !reachable(path, user) else {
            return home
        }
        guard !home.hasCluster else {
            throw EmbeddedPostgresError(
                .unusableDirectory,
                "Postgres runs as user \(user.name), who cannot enter \(path): "
                    + "let others pass through it and the folders above (chmod o+x)."
            )
        }
        return ClusterHome(dataDirectory: path, folder: "/var/lib/directory/\(PathDigest.of(path))")
    }

    /// Whether the cluster lives outside the data directory.
    var isElsewhere: Bool { folder != dataDirectory }

    /// Notes a home elsewhere, once there is something in it.
    func writeNote() throws(EmbeddedPostgresError) {
        guard isElsewhere else { return }
        let text = "\(folder)\nPostgres's files are there, as its user cannot enter this folder.\n"
        try Files.write(text, to: "\(dataDirectory)/\(Self.noteName)", owner: nil)
    }

    private static func note(in dataDirectory: String) -> String? {
        guard let text = Files.read("\(dataDirectory)/\(noteName)"),
            let line = text.split(whereSeparator: \.isNewline).first, line.hasPrefix("/")
        else { return nil }
        return String(line)
    }

    private static func check(_ path: String) throws(EmbeddedPostgresError) {
        guard !path.isEmpty else { throw EmbeddedPostgresError(.unusableDirectory, "The data directory has no name.") }
        guard path.utf8.count <= longestPath else {
            throw EmbeddedPostgresError(
                .unusableDirectory,
                "The path of the data directory is \(path.utf8.count) bytes long; "
                    + "Postgres allows \(longestPath). Choose a shorter one."
            )
        }
        guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw EmbeddedPostgresError(
                .unusableDirectory, "The path of the data directory contains a line break or another control character."
            )
        }
    }
}

/// A short name for a path (FNV-1a, 64 bits). It only has to be different for different paths, not secure.
enum PathDigest {
    static func of(_ path: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
