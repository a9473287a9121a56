import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing
import TransparencyLog

@testable import DirectoryAPI

/// The tiles of the log, from which a stranger computes any proof.
@Suite struct LogTileTests {
    /// A server whose log has 600 events.
    private static func withLog(_ body: (Server) async throws -> Void) async throws {
        let server = try await Server.start()
        // The first two are those of the first administrator.
        try await server.given(
            (0..<598).map { .account(UUID(), organization: nil, .created(email: "tile\($0)@example.org", name: nil)) })
        try await body(server)
        try await server.stop()
    }

    private func tile(_ path: String, _ server: Server) async throws -> [UInt8] {
        let answer = try await server.get("/audit/log/tile/\(path)", as: server.admin)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        #expect(answer.header("Content-Type") == "application/octet-stream")
        #expect(answer.header("Cache-Control") == "private, max-age=31536000, immutable")
        return answer.body
    }

    private func entries(_ bundle: [UInt8]) -> [[UInt8]] {
        var (entries, place): ([[UInt8]], Int) = ([], 0)
        while place < bundle.count {
            let length = Int(bundle[place]) << 8 | Int(bundle[place + 1])
            entries.append(Array(bundle[place + 2..<place + 2 + length]))
            place += 2 + length
        }
        return entries
    }

    @Test func `Entries, tiles and checkpoint agree`() async throws {
        try await Self.withLog { server in
            let answer = try await server.get("/audit/log/checkpoint", as: server.admin)
            let checkpoint = try SignedCheckpoint(parsing: answer.body).checkpoint
            #expect(checkpoint.size == 600)
            var leaves: [[UInt8]] = []
            for path in ["000", "001", "002.p/88"] {
                let bundle = try await tile("entries/\(path)", server)
                let hashes = entries(bundle).map { MerkleTree.leafHash($0) }
                #expect(try await tile("0/\(path)", server) == Array(hashes.joined()))
                leaves += hashes
            }
            #expect(leaves.count == 600)
            #expect(MerkleTree.root(leaves) == checkpoint.root)
            let upper = try await tile("1/000.p/2", server)
            #expect(upper == MerkleTree.root(leaves[..<256]) + MerkleTree.root(leaves[256..<512]))
            // A partial tile of an earlier size is the beginning of the full one.
            #expect(try await tile("0/001.p/7", server) == Array(leaves[256..<263].joined()))
            #expect(try await tile("1/000.p/1", server) == MerkleTree.root(leaves[..<256]))
        }
    }

    @Test func `What the log does not have, or is spelt otherwise, is missing`() async throws {
        try await Self.withLog { server in
            for path in [
                "0/002", "0/002.p/89", "0/003", "1/000", "1/000.p/3", "2/000.p/1", "64/000", "00/000", "-1/000",
                "x/000",
                "0/0", "0/x000/001", "0/x001", "0/000.p/0", "0/000.p/256", "0/000.p", "0/000/", "0/999999", "63/000",
                "entries/002", "entries/002.p/89", "entries/x999/x999/x999/x999/x999/999", "entries/0",
                "0/x009/x223/x372/x036/x854/x775/807",
            ] {
                let answer = try await server.get("/audit/log/tile/\(path)", as: server.admin)
                #expect(answer.status == 404, "\(path)")
            }
            #expect(try await server.send("HEAD", "/audit/log/tile/0/000", as: server.admin).status == 200)
            let wrong = try await server.send("POST", "/audit/log/tile/0/000", as: server.admin)
            #expect(wrong.status == 405)
            #expect(wrong.header("Allow") == "GET, HEAD")
            // As a client encodes a parameter of a path.
            #expect(try await server.get("/audit/log/tile/0/000.p%2F5", as: server.admin).status == 200)
        }
    }
}
