import CanonicalJSON

/// A proof that an entry is in a log, with the checkpoint that it rests on (c2sp.org/tlog-proof): it can be verified without
/// the log.
public struct LogProof: Sendable, Equatable {
    static let header = "c2sp.org/tlog-proof@v1"
    /// No tree of 64-bit size has a longer path.
    static let mostHashes = 64

    /// What an application adds; nothing vouches for it.
    public let extra: [UInt8]?
    /// The entry's number, from 0.
    public let index: UInt64
    /// The proof of inclusion, from the leaf's sibling up.
    public let hashes: [[UInt8]]
    public let checkpoint: SignedCheckpoint

    public init(index: UInt64, hashes: [[UInt8]], checkpoint: SignedCheckpoint, extra: [UInt8]? = nil) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Parses a proof; nothing of it is verified.
    /// - Throws: `NoteError.malformed`.
    public init(parsing bytes: some Collection<UInt8>) throws(NoteError) {
        guard bytes.count <= SignedNote.mostBytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("the proof is not UTF-8, or too long")
        }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard let blank = lines.firstIndex(of: "") else { throw .malformed("the proof has no checkpoint") }
        var head = lines[..<blank]
        guard head.popFirst()?.isIdentical(to: LogProof.header) == true else {
            throw .malformed("the proof does not begin with \(LogProof.header)")
        }
        var extra: [UInt8]?
        if let line = head.first, line.utf8.starts(with: "extra ".utf8) {
            extra = Base64.decode(line.dropFirst(6))
            guard extra != nil else { throw .malformed("the proof's extra data is not Base 64") }
            head = head.dropFirst()
        }
        guard let line = head.popFirst(), line.utf8.starts(with: "index ".utf8),
            let index = Decimal.parse(line.dropFirst(6))
        else { throw .malformed("the proof has no index") }
        guard head.count <= LogProof.mostHashes else { throw .malformed("the proof has too many hashes") }
        var hashes: [[UInt8]] = []
        for line in head {
            guard let hash = Base64.hash(line) else { throw .malformed("a line of the proof is not a hash") }
            hashes.append(hash)
        }
        let note = lines[(blank + 1)...].joined(separator: "\n")
        self.init(
            index: index, hashes: hashes, checkpoint: try SignedCheckpoint(parsing: Array(note.utf8)), extra: extra)
    }

    /// The proof as a file.
    public var encoded: String {
        var lines = [LogProof.header]
        if let extra { lines.append("extra \(Base64.encode(extra))") }
        lines.append("index \(index)")
        lines += hashes.map { Base64.encode($0) }
        return lines.map { $0 + "\n" }.joined() + "\n" + checkpoint.note.encoded
    }

    /// Verifies that the entry with a leaf hash is in the log, as a checkpoint by one of these keys says.
    /// - Throws: `NoteError`, `NotIncluded`.
    public func verify(leaf: [UInt8], by keys: [NoteVerifier]) throws {
        try checkpoint.verify(by: keys)
        let tree = checkpoint.checkpoint
        guard MerkleProof.includes(leaf, at: index, size: tree.size, root: tree.root, hashes) else {
            throw NotIncluded(index: index, size: tree.size)
        }
    }
}

/// A proof does not show that an entry is in the log.
public struct NotIncluded: Error, CustomStringConvertible {
    public let index: UInt64
    public let size: UInt64
    public var description: String {
        "the proof does not lead from entry \(index) to the root of the tree of size \(size)"
    }
}
