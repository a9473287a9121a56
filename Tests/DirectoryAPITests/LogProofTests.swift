import CanonicalJSON
import Crypto
import Foundation
import TestSupport
import Testing
import TransparencyLog

@testable import DirectoryAPI

/// The proofs of the log: what a stranger verifies with what the service gives, by the formats alone.
@Suite struct LogProofTests {
    /// An organization with an employee whose title changed, and somebody of another organization.
    struct Scene {
        let server: Server
        let cast: Cast

        static func make() async throws -> Scene {
            let server = try await Server.shared
            return Scene(server: server, cast: try await Cast.make(server))
        }

        func keys() async throws -> [NoteVerifier] {
            try await server.get("/audit/log/vkey", as: cast.employee, in: cast.organization).text
                .split(separator: "\n").compactMap { NoteVerifier($0) }
        }

        func checkpoint() async throws -> SignedCheckpoint {
            let answer = try await server.get("/audit/log/checkpoint", as: cast.employee, in: cast.organization)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/plain; charset=utf-8")
            return try SignedCheckpoint(parsing: answer.body)
        }

        /// The position of an employee's first event.
        func position() async throws -> Int64 {
            let history = try await server.get("/employee/\(cast.employeeEmployee)/history", as: cast.owner)
            return try #require(history.elements.first?["position"]?.integer)
        }
    }

    @Test func `A checkpoint is of the whole log, and signed by the key that the service names`() async throws {
        let scene = try await Scene.make()
        let before = try await scene.position()
        let signed = try await scene.checkpoint()
        let keys = try await scene.keys()
        #expect(keys.count == 1)
        #expect(try signed.verify(by: keys) == keys)
        #expect(signed.checkpoint.size >= UInt64(before))
        #expect(signed.checkpoint.origin.hasPrefix("directory.localhost/"))
    }

    @Test func `A checkpoint is signed again only where the log has grown`() async throws {
        let server = try await Server.start()
        func note() async throws -> String { try await server.get("/audit/log/checkpoint", as: server.admin).text }
        let first = try await note()
        #expect(try await note() == first)
        _ = try await server.makeAccount()
        let second = try await note()
        #expect(try SignedCheckpoint(parsing: Array(second.utf8)).checkpoint.size == 3)
        #expect(
            try await TestDatabase(url: server.database).texts("select note from log.checkpoints").first?.contains(
                "\n3\n")
                == true)
        try await server.stop()
    }

    @Test func `Every checkpoint extends those before, and the service proves it`() async throws {
        let scene = try await Scene.make()
        let old = try await scene.checkpoint().checkpoint
        for _ in 0..<5 { _ = try await scene.server.makeEmployee(scene.cast.organization, by: scene.cast.owner) }
        let new = try await scene.checkpoint().checkpoint
        #expect(new.size > old.size)
        let answer = try await scene.server.get(
            "/audit/log/consistency?from=\(old.size)&to=\(new.size)", as: scene.cast.stranger)
        #expect(answer.json["from"]?.integer == Int64(old.size))
        #expect(answer.json["to"]?.integer == Int64(new.size))
        let hashes = (answer.json["hashes"]?.array ?? []).compactMap { $0.string.flatMap { Base64.decode($0) } }
        #expect(MerkleProof.isConsistent(from: old.size, root: old.root, to: new.size, root: new.root, hashes))
    }

    @Test func `Sizes that the log does not have are refused`() async throws {
        let scene = try await Scene.make()
        let size = try await scene.checkpoint().checkpoint.size
        for (query, pointer) in [
            ("from=1&to=\(size + 1_000_000)", "?to"), ("from=3&to=2", "?from"), ("from=1", "?to"), ("to=1", "?from"),
            ("from=-1&to=1", "?from"), ("from=x&to=1", "?from"),
        ] {
            let answer = try await scene.server.get("/audit/log/consistency?\(query)", as: scene.cast.owner)
            #expect(answer.status == 400)
            #expect(answer.pointers == [pointer], "\(query)")
        }
        let none = try await scene.server.get("/audit/log/consistency?from=0&to=0", as: scene.cast.owner)
        #expect(none.text == #"{"from":0,"to":0,"hashes":[]}"#)
    }

    @Test func `An event is proven to be in the log, from its entry to a signed root`() async throws {
        let scene = try await Scene.make()
        let position = try await scene.position()
        let entry = try await scene.server.get("/audit/log/entry?position=\(position)", as: scene.cast.auditor)
        #expect(entry.header("Content-Type") == "application/json")
        let proof = try await scene.server.get("/audit/log/proof?position=\(position)", as: scene.cast.auditor)
        #expect(proof.header("Content-Type") == "text/plain; charset=utf-8")
        let read = try LogProof(parsing: proof.body)
        #expect(read.index == UInt64(position - 1))
        try read.verify(leaf: MerkleTree.leafHash(entry.body), by: try await scene.keys())
        #expect(entry.json["stream"]?.string == scene.cast.employeeEmployee)
        #expect(try JSON(parsing: entry.body).canonicalBytes() == entry.body)
        #expect(!entry.text.contains("Emil"))
    }

    @Test func `What the commitments of an entry hide opens for those who read the trail`() async throws {
        let scene = try await Scene.make()
        let position = try await scene.position()
        let entry = try await scene.server.get("/audit/log/entry?position=\(position)", as: scene.cast.auditor)
        let opening = try await scene.server.get("/audit/log/opening?position=\(position)", as: scene.cast.auditor)
        #expect(opening.names.sorted() == ["origin", "sealed"])
        for name in opening.names {
            let text = try #require(opening.json[name]?["text"]?.string)
            let salt = try #require(opening.json[name]?["salt"]?.string)
            let key = SymmetricKey(data: try bytes(salt))
            let hash = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
            #expect(entry.json[name]?.string == hexadecimal(hash))
        }
        #expect(opening.json["sealed"]?["text"]?.string?.contains("Emil Employee") == true)
    }

    @Test func `An event of another organization is missing, like one that never was`() async throws {
        let scene = try await Scene.make()
        let position = try await scene.position()
        for path in ["entry", "proof", "opening"] {
            for caller in [scene.cast.stranger, scene.cast.employee] {
                let foreign = try await scene.server.get("/audit/log/\(path)?position=\(position)", as: caller)
                let never = try await scene.server.get("/audit/log/\(path)?position=\(Int64.max)", as: caller)
                #expect(foreign.status == 404)
                #expect(never.status == 404)
                #expect(foreign["detail"] == never["detail"])
            }
            let missing = try await scene.server.get("/audit/log/\(path)", as: scene.cast.owner)
            #expect(missing.status == 400)
            #expect(missing.pointers == ["?position"])
        }
    }

    @Test func `An account reads what happened to itself outside of every organization`() async throws {
        let server = try await Server.shared
        let (mine, other) = (try await server.makeAccount(), try await server.makeAccount())
        let history = try await server.get("/account/\(mine.id)/history", as: server.admin)
        let position = try #require(history.elements.first?["position"]?.integer)
        #expect(try await server.get("/audit/log/entry?position=\(position)", as: mine).status == 200)
        #expect(try await server.get("/audit/log/entry?position=\(position)", as: other).status == 404)
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        let digits = Array(text)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0..<min($0 + 2, digits.count)]), radix: 16))
        }
    }
}
