import Testing

@testable import TransparencyLog

@Suite struct NoteTests {
    private let first = NoteSigner(name: "directory.example/log", seed: Array(repeating: 1, count: 32))!
    private let second = NoteSigner(name: "directory.example/log", seed: Array(repeating: 2, count: 32))!
    private let stranger = NoteSigner(name: "elsewhere.example", seed: Array(repeating: 3, count: 32))!

    /// The example of c2sp.org/signed-note.
    @Test func `The specification's example verifies under its key`() throws {
        let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        let key = try #require(NoteVerifier(text))
        #expect(key.text == text)
        let note = try SignedNote(
            parsing: Array(
                """
                This is an example message.

                — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

                """.utf8))
        #expect(note.text == "This is an example message.\n")
        #expect(try note.verify(by: [key]) == [key])
    }

    @Test func `A key's text is read only as it is written`() {
        let text = first.verifier.text
        #expect(NoteVerifier(text) == first.verifier)
        let parts = text.split(separator: "+")
        for wrong in [
            "", "directory.example/log", String(text.dropLast()), text + "=", " \(text)",
            "other+\(parts[1])+\(parts[2])", "\(parts[0])+\(parts[1].uppercased() + "0")+\(parts[2])",
            "+\(parts[1])+\(parts[2])",
            // The type is not that of Ed25519.
            "\(parts[0])+\(parts[1])+\(Base64.encode([2] + first.verifier.publicKey))",
            // A byte is missing.
            "\(parts[0])+\(parts[1])+\(Base64.encode([1] + first.verifier.publicKey.dropLast()))",
        ] { #expect(NoteVerifier(wrong) == nil, "\(wrong)") }
    }

    @Test(arguments: ["", "a b", "a+b", "a\u{A0}b", "a\u{2003}b", "a\nb", "a\u{3000}"])
    func `A name is not empty and has neither space nor plus`(_ name: String) {
        #expect(NoteSigner(name: name, seed: Array(repeating: 1, count: 32)) == nil)
    }

    @Test func `A note is read as it is written, with empty lines in its text`() throws {
        let note = try SignedNote("a\n\nè\n", by: [first, second])
        #expect(note.encoded.hasPrefix("a\n\nè\n\n— directory.example/log "))
        #expect(try SignedNote(parsing: Array(note.encoded.utf8)) == note)
    }

    @Test func `The keys that signed are told, and unknown ones are ignored`() throws {
        let note = try SignedNote("text\n", by: [stranger, first, second])
        #expect(try note.verify(by: [second.verifier]) == [second.verifier])
        #expect(try note.verify(by: [first.verifier, second.verifier]) == [first.verifier, second.verifier])
        let other = NoteSigner(name: "directory.example/log", seed: Array(repeating: 9, count: 32))!
        #expect(throws: NoteError.unknownSigners) { try note.verify(by: [other.verifier]) }
        #expect(throws: NoteError.unknownSigners) { try note.verify(by: []) }
    }

    @Test func `A false signature of a known key spoils the note, whoever else signed`() throws {
        let note = try SignedNote("text\n", by: [first, second])
        let changed = try SignedNote(parsing: Array(note.encoded.replacing("text", with: "next").utf8))
        #expect(throws: NoteError.falseSignature(first.verifier)) {
            try changed.verify(by: [first.verifier, second.verifier])
        }
        let mixed = try SignedNote(
            parsing: Array((note.text + "\n" + note.signatures[0].line + "\n" + changed.signatures[1].line + "\n").utf8)
        )
        #expect(try mixed.verify(by: [first.verifier]) == [first.verifier])
    }

    @Test func `What is not a note is refused`() throws {
        let good = try SignedNote("text\n", by: [first]).encoded
        let line = String(good.split(separator: "\n").last!)
        for wrong in [
            "", "\n", "text\n", "text\n\n", good + "\n", String(good.dropLast()), "text\n\(line)\n", "\n\(line)\n",
            "text\r\n\n\(line)\n", "te\u{0}xt\n\n\(line)\n", "text\n\n\(line.dropFirst())\n",
            "text\n\n-\(line.dropFirst())\n",
            "text\n\n— a b AAAAAAA=\n", "text\n\n— a AAAA\n", "text\n\n— a AAAAA=\n", "text\n\n—  AAAAAAA=\n",
            "text\n\n— a+b AAAAAAA=\n", "text\n\n\(line)  \n", "text\n\n— \u{301}a AAAAAAA=\nx\n",
        ] { #expect(throws: NoteError.self, "\(wrong)") { try SignedNote(parsing: Array(wrong.utf8)) } }
        #expect(throws: NoteError.self) { try SignedNote(parsing: [0x66, 0xFF, 0x0A] + Array("\n\(line)\n".utf8)) }
        let many = "text\n\n" + String(repeating: "\(line)\n", count: 101)
        #expect(throws: NoteError.self) { try SignedNote(parsing: Array(many.utf8)) }
        let enough = "text\n\n" + String(repeating: "\(line)\n", count: 16)
        #expect(try SignedNote(parsing: Array(enough.utf8)).signatures.count == 16)
    }
}
