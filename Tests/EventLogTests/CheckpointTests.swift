import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing
import TransparencyLog

@testable import EventLog

/// Signing checkpoints of a log: by one key after the other, by several nodes at once, and never of another log.
@Suite struct CheckpointTests {
    private static let origin = "directory.example/log"

    private static func seed(_ number: Int) -> [UInt8] { Array(repeating: UInt8(number), count: 32) }

    private static func key(_ number: Int) throws -> CheckpointKey {
        let signer = try #require(NoteSigner(name: origin, seed: seed(number)))
        return CheckpointKey(number: number, publicKey: signer.verifier.publicKey, fingerprint: [1])
    }

    private static func verifier(_ number: Int) throws -> NoteVerifier {
        try #require(NoteSigner(name: origin, seed: seed(number))).verifier
    }

    private static func signer(_ numbers: Int...) -> CheckpointSigner {
        CheckpointSigner(keys: Dictionary(uniqueKeysWithValues: numbers.map { ($0, seed($0)) }))
    }

    /// A log with a name and a first key.
    private static func make() async throws -> (database: TestDatabase, appender: Appender) {
        let database = try await TestDatabase.withLog()
        let session = try await database.session()
        _ = try await LogSignature.fixOrigin(origin, session)
        try await LogSignature.add(try key(1), session)
        await session.close()
        return (database, try await Appender(database))
    }

    @Test func `A checkpoint has the root of the whole log, at every size around a tile's edge`() async throws {
        var (database, appender) = try await Self.make()
        let session = try await database.session()
        for count in [0, 1, 254, 1, 1, 254, 2, 400] {
            if count > 0 { try await appender.append(count) }
            let signed = try await Self.signer(1).checkpoint(session)
            #expect(signed.checkpoint.size == UInt64(appender.leaves.count))
            #expect(signed.checkpoint.root == MerkleTree.root(appender.leaves))
            #expect(try signed.verify(by: [Self.verifier(1)]) == [Self.verifier(1)])
        }
        await session.close()
    }

    @Test func `The name and the first key of a log are fixed by whoever comes first`() async throws {
        let database = try await TestDatabase.withLog()
        let session = try await database.session()
        let first = try await LogSignature.fixOrigin(nil, session)
        #expect(first.hasPrefix("directory.localhost/"))
        #expect(try await LogSignature.fixOrigin("elsewhere.example", session) == first)
        try await LogSignature.add(Self.key(1), session)
        try await LogSignature.add(
            CheckpointKey(number: 1, publicKey: try Self.key(2).publicKey, fingerprint: [2]), session)
        #expect(try await LogSignature.keys(session) == [Self.key(1)])
        await session.close()
    }

    @Test func `After a rotation the first checkpoint has both signatures, the next the new one alone`() async throws {
        var (database, appender) = try await Self.make()
        let session = try await database.session()
        try await appender.append(300)
        _ = try await Self.signer(1).checkpoint(session)
        _ = try await session.query("begin")
        let signed = try await Self.signer(1, 2).rotate(to: Self.key(2), session)
        _ = try await session.query("commit")
        let both = try [Self.verifier(1), Self.verifier(2)]
        #expect(Set(try signed.verify(by: both)) == Set(both))
        #expect(try await Self.signer(2).checkpoint(session) == signed)
        #expect(try await LogSignature.verifiers(session) == both.reversed())
        try await appender.append(1)
        let next = try await Self.signer(1, 2).checkpoint(session)
        #expect(try next.verify(by: both) == [Self.verifier(2)])
        await session.close()
    }

    @Test func `A node without the newest key does not sign, and a node without the newest but one does not rotate`()
        async throws
    {
        var (database, appender) = try await Self.make()
        let session = try await database.session()
        _ = try await session.query("begin")
        _ = try await Self.signer(1, 2).rotate(to: Self.key(2), session)
        _ = try await session.query("commit")
        try await appender.append(1)
        for signer in [Self.signer(1), Self.signer(), Self.signer(3)] {
            await #expect(throws: CheckpointRefusal.newestKeyIsMissing) { try await signer.checkpoint(session) }
        }
        _ = try await session.query("begin")
        await #expect(throws: CheckpointRefusal.newestKeyIsMissing) {
            try await Self.signer(1, 3).rotate(to: Self.key(3), session)
        }
        _ = try await session.query("rollback")
        #expect(try await database.number("select size from log.checkpoints") == 0)
        await session.close()
    }

    @Test func `Whoever else signs, the database keeps a checkpoint by the newest key alone`() async throws {
        var (database, appender) = try await Self.make()
        let session = try await database.session()
        try await appender.append(3)
        let last = try await LastCheckpoint.read(session)
        let root = MerkleTree.root(appender.leaves)
        let next = try SignedCheckpoint(
            Checkpoint(origin: Self.origin, size: 3, root: root),
            by: [try #require(NoteSigner(name: Self.origin, seed: Self.seed(1)))])
        #expect(try await !last.replace(with: next, by: 2, session))
        #expect(try await last.replace(with: next, by: 1, session))
        // From a state that is not the last any longer.
        #expect(try await !last.replace(with: next, by: 1, session))
        await session.close()
    }

    @Test func `Nodes that sign at once, while events are appended, sign one history`() async throws {
        let (database, first) = try await Self.make()
        let signed = try await withThrowingTaskGroup(of: [Checkpoint].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let session = try await database.session()
                    var checkpoints: [Checkpoint] = []
                    for _ in 0..<25 {
                        do {
                            checkpoints.append(try await Self.signer(1).checkpoint(session).checkpoint)
                        } catch CheckpointRefusal.othersAreFaster {
                            // Another signed eight times meanwhile: that is no answer, and no wrong one.
                        }
                    }
                    await session.close()
                    return checkpoints
                }
            }
            group.addTask {
                var appender = first
                for _ in 0..<60 { try await appender.append(7) }
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let session = try await database.session()
        for checkpoint in signed {
            #expect(try await LogTree(session).root(size: Position(checkpoint.size)) == checkpoint.root)
        }
        #expect(Set(signed.map(\.size)).count > 1)
        await session.close()
    }

    @Test(arguments: [
        "delete from log.events where position > 290",
        "update log.events set leaf_hash = sha256('x') where position = 290",
        "update log.tiles set root = sha256('x')",
    ])
    func `A log that does not extend the last checkpoint is not signed`(_ tampering: String) async throws {
        var (database, appender) = try await Self.make()
        let session = try await database.session()
        try await appender.append(300)
        let before = try await Self.signer(1).checkpoint(session)
        try await appender.append(5)
        try await session.execute(script: "set session_replication_role = replica; \(tampering)")
        await #expect { try await Self.signer(1).checkpoint(session) } throws: { error in
            (error as? CheckpointRefusal)?.isAlarm == true
        }
        #expect(try await database.texts("select note from log.checkpoints").first?.contains("\n300\n") == true)
        #expect(before.checkpoint.size == 300)
        await session.close()
    }
}
