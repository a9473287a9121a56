import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Instruments
import JWTKit
import Logging
import OrganizationKeysProjection
import Postgres
import Synchronization

/// The keys of organizations, for verifying signatures. A secret that was decrypted once is kept, since it never changes; whether
/// its key still exists is asked by what carries out the request, of the state that it reads its rights from.
final class OrganizationKeyRing: Sendable {
    /// A key whose tokens can be verified.
    struct Key: Sendable {
        let organization: UUID
        let limit: Role
        let signatures: JWTKeyCollection
    }

    private let pool: PostgresPool
    private let secrets: SecretKeys
    private let logger: Logger
    private let known = Mutex(RecentlyUsed<UUID, Key>(generation: 1024))
    let lookups = CacheLookups()

    init(_ pool: PostgresPool, _ secrets: SecretKeys, logger: Logger) {
        self.pool = pool
        self.secrets = secrets
        self.logger = logger
    }

    /// The key with an id; `nil` where there is none.
    func key(_ id: UUID) async throws -> Key? {
        let found = known.withLock { $0.find(id) }
        lookups.count(found: found != nil)
        if let found { return found }
        guard let stored = try Self.stored.values(await pool.read(Self.stored.query, id)).first,
            let limit = Role(rawValue: stored.limit)
        else { return nil }
        let secret: [UInt8]
        do {
            secret = try secrets.open(stored.secret, of: Secrets.Key(owner: id))
        } catch {
            logger.error("the secret of an organization's key cannot be decrypted", metadata: ["key": "\(id.text)"])
            return nil
        }
        let signatures = JWTKeyCollection()
        await signatures.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
        let key = Key(organization: stored.organization, limit: limit, signatures: signatures)
        known.withLock { $0.insert(key, id) }
        return key
    }

    private struct Stored: Sendable {
        let organization: UUID
        let limit: String
        let secret: [UInt8]
    }

    private static let stored = Selection<UUID, Stored> { columns in
        Stored(
            organization: try columns.uuid("k.organization"), limit: try columns.text("k.limit_to_role"),
            secret: try columns.bytes("s.sealed"))
    } _: { parameters, columns in
        """
        select \(columns) from \(OrganizationKeys.schemaName).current k join \(Secrets.name) s
        on s.owner = k.id and s.name = '' and s.sealed is not null where k.id = \(parameters.uuid { $0 })
        """
    }
}
