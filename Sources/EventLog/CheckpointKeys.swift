import EventSourcing
import Postgres
import TransparencyLog

/// A key that signs the log's checkpoints, or has signed some.
public struct CheckpointKey: Sendable, Equatable {
    /// 1 is the first; the highest is the newest.
    public let number: Int
    /// Ed25519, 32 bytes.
    public let publicKey: [UInt8]
    /// Keyed by the master key of the log's nodes.
    public let fingerprint: [UInt8]

    public init(number: Int, publicKey: [UInt8], fingerprint: [UInt8]) {
        self.number = number
        self.publicKey = publicKey
        self.fingerprint = fingerprint
    }
}

/// What a log says of itself: its name, and the keys that sign for it.
public enum LogSignature {
    /// The keys of the log, the newest first.
    public static func keys(_ database: some DatabaseReader) async throws(PostgresError) -> [CheckpointKey] {
        try await database.rows(allKeys, ())
    }

    private static let allKeys = Selection<Void, CheckpointKey>(
        {
            CheckpointKey(
                number: Int(try $0.int("number")), publicKey: try $0.bytes("public_key"),
                fingerprint: try $0.bytes("fingerprint"))
        }, "from log.signing_keys order by number desc")

    /// Adds a key, unless there is one with its number. If two nodes add one at once, the first one wins.
    public static func add(_ key: CheckpointKey, _ session: PostgresSession) async throws(PostgresError) {
        _ = try await session.query(insertion, key)
    }

    private static let insertion = Query<CheckpointKey> {
        """
        insert into log.signing_keys (number, public_key, fingerprint)
        values (\($0.int { Int64($0.number) }), \($0.bytes { $0.publicKey }), \($0.bytes { $0.fingerprint }))
        on conflict (number) do nothing
        """
    }

    /// Gives the log its name, unless it has one: it is fixed from then on.
    /// - Parameter origin: the name; `directory.localhost/<log id>` if `nil`.
    /// - Returns: the name that the log has now.
    public static func fixOrigin(_ origin: String?, _ session: PostgresSession) async throws(PostgresError) -> String {
        let fixing = Query<String?> {
            """
            update log.control set origin = coalesce(\($0.text { $0 }), 'directory.localhost/' || log_id)
            where origin is null
            """
        }
        _ = try await session.query(fixing, origin)
        return try await session.selectOne(Selection<Void, String>({ try $0.text("origin") }, "from log.control"))
    }

    /// The name of the log; `nil` before the first start of a service.
    public static func origin(_ database: some DatabaseReader) async throws(PostgresError) -> String? {
        try await database.one(Selection<Void, String?>({ try $0.textIfPresent("origin") }, "from log.control"))
    }

    /// The name of the log; before the first start of a service, the one that it gets if nothing else is wanted.
    public static func name(_ database: some DatabaseReader) async throws(PostgresError) -> String {
        try await database.one(
            Selection<Void, String>(
                { try $0.text("coalesce(origin, 'directory.localhost/' || log_id)") }, "from log.control"))
    }

    /// The keys that verify the log's checkpoints, the newest first.
    public static func verifiers(_ database: some DatabaseReader) async throws(PostgresError) -> [NoteVerifier] {
        guard let origin = try await origin(database) else { return [] }
        return try await keys(database).compactMap { NoteVerifier(name: origin, publicKey: $0.publicKey) }
    }
}
