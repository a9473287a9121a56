import EventLog
import Foundation
import TransparencyLog

/// A checkpoint that somebody has kept in a file.
struct KeptCheckpoint: Sendable {
    let path: String
    let signed: SignedCheckpoint

    /// Reads a file: a checkpoint, or a tlog-proof, which has one.
    /// - Throws: `Failure` if it is neither.
    init(path: String) throws {
        self.path = path
        let bytes = try KeptCheckpoint.read(path)
        do {
            signed =
                bytes.starts(with: "c2sp.org/tlog-proof@".utf8)
                ? try LogProof(parsing: bytes).checkpoint : try SignedCheckpoint(parsing: bytes)
        } catch {
            throw Failure("\(path) is not a checkpoint: \(error).")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw Failure("\(path) cannot be read.") }
        return Array(bytes)
    }

    /// Reads a file of verifier keys, one a line.
    /// - Throws: `Failure` if a line is not one.
    static func keys(path: String) throws -> [NoteVerifier] {
        let lines = String(decoding: try read(path), as: UTF8.self).split(whereSeparator: \.isNewline)
        let keys = try lines.map { line in
            guard let key = NoteVerifier(line) else { throw Failure("\(path) has a line that is not a verifier key.") }
            return key
        }
        guard !keys.isEmpty else { throw Failure("\(path) has no verifier key.") }
        return keys
    }
}
