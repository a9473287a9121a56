import TestSupport
import Testing
import TransparencyLog

@testable import DirectoryAPI

/// What reads the formats of transparency logs: paths that clients send, and files that they keep.
extension FuzzTests {
    @Test func `Paths of tiles: what is accepted is written so, and names a tile`() async throws {
        let mutator = Mutator(
            ["000", "007.p/5", "x001/000", "x001/x234/067.p/255", "x009/x223/x372/x036/x854/x775/807"],
            ["x", "/", ".p/", ".p", "0", "00", "256", "x000/"])
        try await Fuzz("tiles").run({ mutator.text(&$0) }) { text in
            guard let path = TilePath(text) else { return false }
            try hold(path.path.utf8.elementsEqual(text.utf8), "a path has one spelling")
            try hold((1...256).contains(path.width), "a tile has 1 to 256 hashes")
            try hold(TileIndex(level: 0, index: path.index).width(inTreeOf: .max) <= 256, "its width is known")
            return true
        }
    }

    @Test func `Notes, checkpoints and proofs: what is read is written byte for byte`() async throws {
        let signer = try #require(NoteSigner(name: "directory.example/log", seed: Array(repeating: 1, count: 32)))
        let checkpoint = try SignedCheckpoint(
            Checkpoint(origin: "directory.example/log", size: 5, root: MerkleTree.emptyRoot), by: [signer, signer])
        let proof = LogProof(
            index: 3, hashes: [MerkleTree.emptyRoot, MerkleTree.emptyRoot], checkpoint: checkpoint, extra: [1, 2, 3])
        let mutator = Mutator(
            [checkpoint.note.encoded, proof.encoded, signer.verifier.text, "a\n\nb\n\n\u{2014} x AAAAAAA=\n"],
            ["\n", "\n\n", "\u{2014} ", "+", "=", " ", "0", "index ", "extra ", "A"])
        try await Fuzz("notes").run({ mutator.bytes(&$0) }) { (bytes: [UInt8]) in
            var isAccepted = false
            if let note = try? SignedNote(parsing: bytes) {
                try hold(note.encoded.utf8.elementsEqual(bytes), "a note is written as it was read")
                if let signers = try? note.verify(by: [signer.verifier]) {
                    try hold(signers == [signer.verifier], "only a known key has signed")
                    try hold(
                        note.text.utf8.elementsEqual(checkpoint.note.text.utf8), "what was not signed does not verify")
                }
                isAccepted = true
            }
            if let proof = try? LogProof(parsing: bytes) {
                try hold(proof.encoded.utf8.elementsEqual(bytes), "a proof is written as it was read")
                isAccepted = true
            }
            if let text = String(validating: bytes, as: UTF8.self), let key = NoteVerifier(text) {
                try hold(key.text.utf8.elementsEqual(bytes), "a key is written as it was read")
                isAccepted = true
            }
            return isAccepted
        }
    }
}
