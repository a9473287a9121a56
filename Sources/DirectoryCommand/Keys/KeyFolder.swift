import EventLog
import EventSourcing
import Logging
import Postgres

/// The folder with the keys that belong to a log.
struct KeyFolder: Sendable {
    private enum Name {
        static let master = "master.key"
        static func logSigning(_ number: Int) -> String {
            number == 1 ? "log-signing.key" : "log-signing-\(number).key"
        }
        static let jwtSecret = "jwt.secret"
    }

    /// The length of a key in bytes.
    private static let length = 32

    let path: String

    /// The folder for a database: the one in the settings, otherwise next to the data, otherwise in the user's state folder.
    init(for database: Database, log: LogIdentity) throws {
        if let path = database.settings.keys {
            self.path = path
            return
        }
        switch database.location {
        case .folder(let folder): path = "\(folder)/keys"
        case .server:
            let home = Platform.environment("HOME").flatMap { $0.isEmpty ? nil : "\($0)/.local/state" }
            // A relative XDG_STATE_HOME must be ignored (XDG Base Directory Specification).
            let state = Platform.environment("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
            guard let state = state ?? home else {
                throw Failure(
                    "There is no home directory to keep the keys in: set DIRECTORY_KEYS to a folder for them.")
            }
            path = "\(state)/directory/\(log.id.text)"
        }
    }

    /// The keys of a log: the existing ones or, at the log's first start, new ones.
    /// - Throws: `Failure` if they are not the log's keys, or if other users could read them.
    func keys(of log: LogIdentity, _ session: PostgresSession, _ settings: Settings) async throws -> NodeKeys {
        let isFirst = log.fingerprint == nil
        guard let files = try PrivateFolder(path, create: isFirst),
            let master = try key(Name.master, in: files, create: isFirst)
        else { throw missing(log) }
        var registered = try await LogSignature.keys(session)
        if registered.isEmpty {
            guard let seed = try key(Name.logSigning(1), in: files, create: isFirst) else { throw missing(log) }
            let first = try signingKey(1, seed, log, master: master)
            let known = isFirst ? try await LogIdentity.claim(first.fingerprint, session) : log.fingerprint
            guard known == first.fingerprint else { throw foreign(log) }
            try await LogSignature.add(first, session)
            try await addLaterKeys(in: files, log, master: master, session)
            registered = try await LogSignature.keys(session)
        }
        var seeds: [Int: [UInt8]] = [:]
        for known in registered {
            guard known.fingerprint == NodeKeys.fingerprint(of: known.publicKey, log.id, master: master) else {
                throw foreign(log)
            }
            guard let seed = try key(Name.logSigning(known.number), in: files, create: false) else { continue }
            guard try NodeKeys.publicKey(of: seed) == known.publicKey else { throw foreign(log) }
            seeds[known.number] = seed
        }
        guard !seeds.isEmpty else { throw missing(log) }
        return NodeKeys(master: master, logSigning: seeds, jwtSecret: try jwtSecret(in: files, settings))
    }

    /// Adds the keys after the first that the folder has. A new log has none; one that was restored has signed with them before.
    private func addLaterKeys(
        in files: PrivateFolder, _ log: LogIdentity, master: [UInt8], _ session: PostgresSession
    ) async throws {
        var number = 2
        while let seed = try key(Name.logSigning(number), in: files, create: false) {
            try await LogSignature.add(try signingKey(number, seed, log, master: master), session)
            number += 1
        }
    }

    /// The signing key with a number, which is made if it is missing: one that an interrupted rotation left is used.
    func newSigningKey(_ number: Int, of log: LogIdentity, master: [UInt8]) throws -> (
        seed: [UInt8], key: CheckpointKey
    ) {
        guard let files = try PrivateFolder(path, create: false),
            let seed = try key(Name.logSigning(number), in: files, create: true)
        else { throw missing(log) }
        return (seed, try signingKey(number, seed, log, master: master))
    }

    /// The name of the file with the signing key of a number.
    static func fileName(ofSigningKey number: Int) -> String { Name.logSigning(number) }

    private func signingKey(_ number: Int, _ seed: [UInt8], _ log: LogIdentity, master: [UInt8]) throws -> CheckpointKey
    {
        let publicKey = try NodeKeys.publicKey(of: seed)
        return CheckpointKey(
            number: number, publicKey: publicKey,
            fingerprint: NodeKeys.fingerprint(of: publicKey, log.id, master: master))
    }

    /// The secret of the service's own tokens. The other keys need not exist here.
    func jwtSecret(_ settings: Settings) throws -> [UInt8] {
        if let secret = settings.jwtSecret { return try checked(secret, "DIRECTORY_JWT_SECRET") }
        guard let files = try PrivateFolder(path, create: false), files.has(Name.jwtSecret) else {
            throw Failure(
                """
                The secret of the service's tokens is not in \(path): start the service first, or set DIRECTORY_KEYS or \
                DIRECTORY_JWT_SECRET.
                """)
        }
        return try jwtSecret(in: files, settings)
    }

    private func key(_ name: String, in files: PrivateFolder, create: Bool) throws -> [UInt8]? {
        guard create || files.has(name) else { return nil }
        let key = try files.bytes(of: name) { KeyFolder.random() }
        guard key.count == KeyFolder.length else {
            throw Failure("\(path)/\(name) has \(key.count) bytes instead of \(KeyFolder.length): it is damaged.")
        }
        return key
    }

    private func jwtSecret(in files: PrivateFolder, _ settings: Settings) throws -> [UInt8] {
        if let secret = settings.jwtSecret { return try checked(secret, "DIRECTORY_JWT_SECRET") }
        let bytes = try files.bytes(of: Name.jwtSecret) { Array(KeyFolder.random().hexadecimal.utf8) }
        // Editors append a line feed, which the shell's $(cat …) removes.
        let secret = bytes.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed()
        let file = "\(path)/\(Name.jwtSecret)"
        // Other programs that sign tokens use these bytes, so they must not be repaired here.
        guard let text = String(validating: secret, as: UTF8.self) else {
            throw Failure("\(file) is not text in UTF-8: it is damaged, or its bytes have not been encoded as text.")
        }
        return try checked(text, file)
    }

    /// An HS256 secret shorter than its hash can be guessed (RFC 7518, section 3.2).
    private func checked(_ secret: String, _ name: String) throws -> [UInt8] {
        guard secret.utf8.count >= KeyFolder.length else {
            throw Failure("\(name) is too short: it must have at least \(KeyFolder.length) bytes.")
        }
        return Array(secret.utf8)
    }

    private func foreign(_ log: LogIdentity) -> Failure {
        Failure(
            """
            The keys in \(path) are not those of this database's log (\(log.id.text)). Set DIRECTORY_KEYS to the folder \
            with the keys created at its first start, or copy them from there.
            """)
    }

    private func missing(_ log: LogIdentity) -> Failure {
        Failure(
            """
            The keys of this database's log (\(log.id.text)) are not in \(path). Set DIRECTORY_KEYS to the folder with the \
            keys created at its first start, or copy them from there; without them nothing can be signed or decrypted.
            """)
    }

    private static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<length).map { _ in .random(in: .min ... .max, using: &generator) }
    }
}
