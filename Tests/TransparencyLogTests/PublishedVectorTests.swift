import CanonicalJSON
import Foundation
import Testing

@testable import TransparencyLog

private let folder: String? = {
    guard let folder = ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] else {
        print("The published vectors of RFC 6962 and signed notes are skipped: DIRECTORY_TEST_DATA is not set.")
        return nil
    }
    return folder + "/vectors"
}()

/// The vectors of transparency-dev/merkle and of Go's sumdb/note. Without them the other suites of this target remain, on
/// trees of their own.
@Suite(.enabled(if: folder != nil, "DIRECTORY_TEST_DATA is not set"))
struct PublishedVectorTests {
    private func lines(_ name: String) throws -> [[String: Any]] {
        let file = try Data(contentsOf: URL(fileURLWithPath: #require(folder) + "/" + name))
        return try file.split(separator: UInt8(ascii: "\n")).map { line in
            // Not by CanonicalJSON: sizes beyond 2^53 are not numbers that it takes.
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }

    private func hash(_ value: Any?) -> [UInt8] { Array(Data(base64Encoded: value as? String ?? "") ?? Data()) }
    private func hashes(_ value: Any?) -> [[UInt8]] { (value as? [Any] ?? []).map(hash) }
    private func number(_ value: Any?) -> UInt64 { (value as? NSNumber)?.uint64Value ?? 0 }

    @Test func `Every proof of inclusion is accepted or refused as published`() throws {
        let vectors = try lines("rfc6962-inclusion.ndjson")
        #expect(vectors.contains { $0["wantErr"] as? Bool == false })
        for vector in vectors {
            let isIncluded = MerkleProof.includes(
                hash(vector["leafHash"]), at: number(vector["leafIdx"]), size: number(vector["treeSize"]),
                root: hash(vector["root"]), hashes(vector["proof"]))
            #expect(isIncluded == !(vector["wantErr"] as? Bool ?? true), "\(vector["case"] ?? "")")
        }
    }

    @Test func `Every proof of consistency is accepted or refused as published`() throws {
        let vectors = try lines("rfc6962-consistency.ndjson")
        #expect(vectors.contains { $0["wantErr"] as? Bool == false })
        for vector in vectors {
            let isConsistent = MerkleProof.isConsistent(
                from: number(vector["size1"]), root: hash(vector["root1"]), to: number(vector["size2"]),
                root: hash(vector["root2"]), hashes(vector["proof"]))
            #expect(isConsistent == !(vector["wantErr"] as? Bool ?? true), "\(vector["case"] ?? "")")
        }
    }

    @Test func `The published note verifies, and its signer gives the same`() throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: #require(folder) + "/signed-note.json"))
        let vector = try JSON(parsing: Array(file))
        let key = try #require(vector["verifierKey"]?.string.flatMap { NoteVerifier($0) })
        #expect(key.text == vector["verifierKey"]?.string)
        let note = try SignedNote(parsing: Array(try #require(vector["note"]?.string).utf8))
        #expect(note.text == vector["text"]?.string)
        #expect(try note.verify(by: [key]) == [key])
        #expect(note.encoded == vector["note"]?.string)

        // PRIVATE+KEY+<name>+<id>+<type and seed>
        let signer = try #require(vector["signerKey"]?.string).split(separator: "+", maxSplits: 4)
        let seed = try #require(Base64.decode(signer[4])).dropFirst()
        let own = try #require(NoteSigner(name: String(signer[2]), seed: Array(seed)))
        #expect(own.verifier == key)
        let signed = try SignedNote(note.text, by: [own])
        #expect(try signed.verify(by: [key]) == [key])
        #if !canImport(Darwin)
            // Where Apple signs, signatures of one text differ.
            #expect(signed == note)
        #endif
    }
}
