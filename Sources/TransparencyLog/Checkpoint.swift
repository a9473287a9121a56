import CanonicalJSON

/// What a log says of itself at a size (c2sp.org/tlog-checkpoint): the text of a signed note.
public struct Checkpoint: Sendable, Equatable {
    /// The log's name.
    public let origin: String
    /// How many leaves the tree has.
    public let size: UInt64
    /// The root of the tree.
    public let root: [UInt8]
    /// Lines that the format allows and leaves open; not empty.
    public let extensions: [String]

    public init(origin: String, size: UInt64, root: [UInt8], extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Parses a note's text; `nil` if it is not a checkpoint.
    public init?(_ text: String) {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard lines.count >= 4, lines.removeLast().isEmpty, lines.allSatisfy({ !$0.isEmpty }),
            let size = Decimal.parse(lines[1]), let root = Base64.hash(lines[2])
        else { return nil }
        self.init(origin: lines[0], size: size, root: root, extensions: Array(lines[3...]))
    }

    /// The text of its note.
    public var text: String {
        ([origin, String(size), Base64.encode(root)] + extensions).map { $0 + "\n" }.joined()
    }
}

/// A checkpoint as a signed note.
public struct SignedCheckpoint: Sendable, Equatable {
    public let checkpoint: Checkpoint
    public let note: SignedNote

    /// Signs a checkpoint.
    public init(_ checkpoint: Checkpoint, by signers: [NoteSigner]) throws {
        self.checkpoint = checkpoint
        note = try SignedNote(checkpoint.text, by: signers)
    }

    /// Parses a note that is a checkpoint; its signatures are not verified.
    /// - Throws: `NoteError.malformed`.
    public init(parsing bytes: some Collection<UInt8>) throws(NoteError) {
        note = try SignedNote(parsing: bytes)
        guard let checkpoint = Checkpoint(note.text) else { throw .malformed("its text is not a checkpoint") }
        self.checkpoint = checkpoint
    }

    /// The known keys that signed it. Only a key that is named after the log's origin signs for the log.
    /// - Throws: as `SignedNote.verify(by:)`.
    @discardableResult
    public func verify(by known: [NoteVerifier]) throws(NoteError) -> [NoteVerifier] {
        try note.verify(by: known.filter { $0.name.isIdentical(to: checkpoint.origin) })
    }
}
