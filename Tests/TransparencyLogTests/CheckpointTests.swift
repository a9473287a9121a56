import Testing

@testable import TransparencyLog

@Suite struct CheckpointTests {
    private let signer = NoteSigner(name: "directory.example/log", seed: Array(repeating: 1, count: 32))!
    private let tree = ReferenceTree(size: 5)
    private var checkpoint: Checkpoint {
        Checkpoint(origin: "directory.example/log", size: 5, root: tree.root(0..<5))
    }

    @Test func `A checkpoint is three lines, and what an extension adds`() {
        var lines = ["directory.example/log", "5", Base64.encode(tree.root(0..<5))]
        #expect(checkpoint.text == lines.map { $0 + "\n" }.joined())
        #expect(Checkpoint(checkpoint.text) == checkpoint)
        lines += ["one", "two"]
        #expect(Checkpoint(lines.map { $0 + "\n" }.joined())?.extensions == ["one", "two"])
    }

    @Test func `What is not a checkpoint is refused`() {
        let root = Base64.encode(tree.root(0..<5))
        for wrong in [
            "", "a\n5\n", "a\n5\n\(root)", "\n5\n\(root)\n", "a\n05\n\(root)\n", "a\n-5\n\(root)\n", "a\n+5\n\(root)\n",
            "a\n5 \n\(root)\n", "a\n18446744073709551616\n\(root)\n", "a\n5\n\(root)=\n", "a\n5\nAAAA\n",
            "a\n5\n\(root)\n\n", "a\n5\n\(root)\n\nx\n", "a\n٥\n\(root)\n",
            // The same hash, but with bits that are not its own.
            "a\n5\n\(root.dropLast(2))\(root.dropLast().last == "A" ? "B" : "")=\n\n",
        ] { #expect(Checkpoint(wrong) == nil, "\(wrong)") }
    }

    @Test func `Only a key with the log's name signs for the log`() throws {
        let other = NoteSigner(name: "other.example", seed: Array(repeating: 1, count: 32))!
        let signed = try SignedCheckpoint(checkpoint, by: [other])
        #expect(throws: NoteError.unknownSigners) { try signed.verify(by: [other.verifier, signer.verifier]) }
        #expect(try SignedCheckpoint(checkpoint, by: [signer]).verify(by: [signer.verifier]) == [signer.verifier])
    }

    @Test func `A proof is read as it is written, and verifies without the log`() throws {
        let signed = try SignedCheckpoint(checkpoint, by: [signer])
        for extra in [nil, [], [1, 2, 3]] as [[UInt8]?] {
            let proof = LogProof(index: 3, hashes: tree.path(3, 0..<5), checkpoint: signed, extra: extra)
            let read = try LogProof(parsing: Array(proof.encoded.utf8))
            #expect(read == proof)
            try read.verify(leaf: tree.leaves[3], by: [signer.verifier])
            #expect(throws: NotIncluded.self) { try read.verify(leaf: tree.leaves[2], by: [signer.verifier]) }
            #expect(throws: NoteError.unknownSigners) { try read.verify(leaf: tree.leaves[3], by: []) }
        }
        // The only leaf of a tree has no path.
        let alone = Checkpoint(origin: "directory.example/log", size: 1, root: tree.leaves[0])
        let proof = LogProof(index: 0, hashes: [], checkpoint: try SignedCheckpoint(alone, by: [signer]))
        try LogProof(parsing: Array(proof.encoded.utf8)).verify(leaf: tree.leaves[0], by: [signer.verifier])
    }

    @Test func `What is not a proof is refused`() throws {
        let signed = try SignedCheckpoint(checkpoint, by: [signer])
        let good = LogProof(index: 3, hashes: tree.path(3, 0..<5), checkpoint: signed).encoded
        for (from, to) in [
            ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"), ("index 3", "index 03"), ("index 3\n", ""),
            ("index 3", "extra x\nindex 3"), ("index 3", "index 3\nAAAA"), ("\n\n", "\n"), ("index 3", "index\t3"),
            ("directory.example/log\n5", "directory.example/log"), ("index 3\n", "index 3\nextra AAAA\n"),
        ] {
            let wrong = good.replacing(from, with: to, maxReplacements: 1)
            #expect(wrong != good)
            #expect(throws: NoteError.self, "\(wrong)") { try LogProof(parsing: Array(wrong.utf8)) }
        }
    }
}
