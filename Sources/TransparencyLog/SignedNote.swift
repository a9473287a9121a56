import CanonicalJSON

/// One signature of a note, by the key that its name and id name.
public struct NoteSignature: Sendable, Equatable {
    public let name: String
    public let id: UInt32
    /// What the key's algorithm gives.
    public let bytes: [UInt8]

    /// The signature's line, without its end.
    var line: String {
        let id = (0..<4).map { UInt8(truncatingIfNeeded: self.id >> UInt32(24 - 8 * $0)) }
        return "— \(name) \(Base64.encode(id + bytes))"
    }

    /// Parses a line; `nil` if it is malformed.
    init?(_ line: Substring) {
        // By code points: a mark after a space would make one character with it.
        let parts = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3, parts[0].isIdentical(to: "—"), NoteVerifier.isName(parts[1]),
            let bytes = Base64.decode(parts[2]), bytes.count > 4
        else { return nil }
        name = parts[1]
        id = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        self.bytes = Array(bytes.dropFirst(4))
    }

    init(name: String, id: UInt32, bytes: [UInt8]) {
        (self.name, self.id, self.bytes) = (name, id, bytes)
    }
}

/// A text with the signatures of one or more keys (c2sp.org/signed-note).
public struct SignedNote: Sendable, Equatable {
    /// The most bytes of a note that is read.
    public static let mostBytes = 1 << 20
    /// The most signatures of a note that is read.
    public static let mostSignatures = 100

    /// What is signed; it ends in a line feed.
    public let text: String
    public let signatures: [NoteSignature]

    /// Signs a text, which ends in a line feed.
    public init(_ text: String, by signers: [NoteSigner]) throws {
        self.text = text
        signatures = try signers.map { try $0.signature(of: text) }
    }

    /// Parses a note.
    /// - Throws: `NoteError.malformed`.
    public init(parsing bytes: some Collection<UInt8>) throws(NoteError) {
        guard bytes.count <= SignedNote.mostBytes else { throw .malformed("it is too long") }
        guard let note = String(validating: bytes, as: UTF8.self) else { throw .malformed("it is not UTF-8") }
        guard note.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else { throw .malformed("it has control characters") }
        // By line feeds alone: a carriage return is not one, nor is any other separator of lines that Unicode has.
        var lines = note.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { Substring($0) }
        guard lines.count >= 4, lines.removeLast().isEmpty else { throw .malformed("its last line has no end") }
        guard let blank = lines.lastIndex(where: \.isEmpty), blank > 0, blank < lines.count - 1 else {
            throw .malformed("it has no signatures after an empty line")
        }
        guard lines.count - blank - 1 <= SignedNote.mostSignatures else {
            throw .malformed("it has too many signatures")
        }
        var signatures: [NoteSignature] = []
        for line in lines[(blank + 1)...] {
            guard let signature = NoteSignature(line) else { throw .malformed("a signature is malformed") }
            signatures.append(signature)
        }
        text = lines[..<blank].map { "\($0)\n" }.joined()
        self.signatures = signatures
    }

    /// The note as it is stored and sent.
    public var encoded: String { text + "\n" + signatures.map { $0.line + "\n" }.joined() }

    /// The known keys that signed. Signatures by other keys are ignored.
    /// - Throws: `NoteError` if none of them did, or a signature that claims to be one's is not.
    @discardableResult
    public func verify(by known: [NoteVerifier]) throws(NoteError) -> [NoteVerifier] {
        var found: [NoteVerifier] = []
        for signature in signatures {
            guard let key = known.first(where: { $0.id == signature.id && $0.name.isIdentical(to: signature.name) })
            else { continue }
            guard key.verifies(signature.bytes, of: text) else { throw .falseSignature(key) }
            if !found.contains(key) { found.append(key) }
        }
        guard !found.isEmpty else { throw .unknownSigners }
        return found
    }
}

/// Why a note is not trusted.
public enum NoteError: Error, Equatable, CustomStringConvertible {
    /// It is not of the format.
    case malformed(String)
    /// None of the known keys has signed it.
    case unknownSigners
    /// It has a signature that names this key, and is not by it.
    case falseSignature(NoteVerifier)

    public var description: String {
        switch self {
        case .malformed(let reason): "the note is malformed: \(reason)"
        case .unknownSigners: "none of the known keys has signed it"
        case .falseSignature(let key): "a signature names the key \(key.text), but is not by it"
        }
    }
}
