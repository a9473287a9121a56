import EventSourcing
import Postgres
import TransparencyLog

/// Signs checkpoints of the log when they are asked for.
///
/// One that is not an extension of the last one signed, by whichever node, is never signed: the new tree is proven to extend
/// it, and the database keeps the new one in its place only if nobody was faster.
public struct CheckpointSigner: Sendable {
    /// The signing keys that this node has, by their numbers.
    private let keys: [Int: [UInt8]]
    /// How often it is tried when other nodes sign at the same moment.
    private static let mostTries = 8

    /// - Parameter keys: Ed25519 seeds of 32 bytes, by the numbers of the keys.
    public init(keys: [Int: [UInt8]]) { self.keys = keys }

    /// A checkpoint of the whole log: the last one if it is that, otherwise a new one.
    /// - Throws: `CheckpointRefusal`, `PostgresError`, `MissingTile`.
    public func checkpoint(_ database: some DatabaseReader) async throws -> SignedCheckpoint {
        for _ in 0..<CheckpointSigner.mostTries {
            let last = try await LastCheckpoint.read(database)
            guard let key = last.newestKey, let origin = last.origin, let seed = keys[key],
                let signer = NoteSigner(name: origin, seed: seed)
            else { throw CheckpointRefusal.newestKeyIsMissing }
            if last.size == last.head, let note = last.note { return try SignedCheckpoint(parsing: Array(note.utf8)) }
            let checkpoint = try await extending(last, origin, database)
            let signed = try SignedCheckpoint(checkpoint, by: [signer])
            if try await last.replace(with: signed, by: key, database) { return signed }
        }
        throw CheckpointRefusal.othersAreFaster
    }

    /// Adds a newest key, and signs a checkpoint of the whole log by it and the one before.
    ///
    /// Both are in the session's transaction, which the caller opens and commits, and which no other signer enters.
    /// - Parameter key: its number is one more than that of the newest so far.
    /// - Throws: as `checkpoint(_:)`.
    public func rotate(to key: CheckpointKey, _ session: PostgresSession) async throws -> SignedCheckpoint {
        _ = try await session.query("select from log.checkpoints for update")
        let last = try await LastCheckpoint.read(session)
        guard let origin = last.origin, last.newestKey == key.number - 1 else {
            throw CheckpointRefusal.newestKeyIsMissing
        }
        let signers = [key.number, key.number - 1].compactMap { number in
            keys[number].flatMap { NoteSigner(name: origin, seed: $0) }
        }
        guard signers.count == 2 else { throw CheckpointRefusal.newestKeyIsMissing }
        try await LogSignature.add(key, session)
        let signed = try SignedCheckpoint(try await extending(last, origin, session), by: signers)
        guard try await last.replace(with: signed, by: key.number, session) else {
            throw CheckpointRefusal.othersAreFaster
        }
        return signed
    }

    /// The checkpoint of the whole log, which is proven to extend the last one.
    private func extending(
        _ last: LastCheckpoint, _ origin: String, _ database: some DatabaseReader
    ) async throws -> Checkpoint {
        let tree = LogTree(database)
        guard last.head >= last.size,
            let plan = ProofPlan.consistency(from: UInt64(last.size), to: UInt64(last.head))
        else { throw CheckpointRefusal.logIsShorter(size: last.size, head: last.head) }
        let root = try await tree.root(size: last.head)
        let proof = try await tree.hashes(of: plan, size: last.head)
        guard
            MerkleProof.isConsistent(
                from: UInt64(last.size), root: last.root, to: UInt64(last.head), root: root, proof)
        else { throw CheckpointRefusal.logIsAnother(size: last.size) }
        return Checkpoint(origin: origin, size: UInt64(last.head), root: root)
    }
}

/// Why no checkpoint is signed.
public enum CheckpointRefusal: Error, Equatable, CustomStringConvertible {
    /// The node does not have the log's newest signing key.
    case newestKeyIsMissing
    /// The log has fewer events than the last checkpoint says.
    case logIsShorter(size: Position, head: Position)
    /// The log is not the one of the last checkpoint.
    case logIsAnother(size: Position)
    /// Other nodes have signed each time.
    case othersAreFaster

    public var description: String {
        switch self {
        case .newestKeyIsMissing: "this node does not have the log's newest signing key, so it does not sign"
        case .logIsShorter(let size, let head):
            "the last checkpoint was signed at position \(size), but the log ends at \(head): it has lost events"
        case .logIsAnother(let size):
            "the first \(size) events are not those of the last checkpoint that was signed: the log was changed"
        case .othersAreFaster: "other nodes were signing at the same time"
        }
    }

    /// Whether it says that the log was tampered with, or damaged.
    public var isAlarm: Bool {
        switch self {
        case .logIsShorter, .logIsAnother: true
        case .newestKeyIsMissing, .othersAreFaster: false
        }
    }
}
