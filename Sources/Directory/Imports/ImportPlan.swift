import EventSourcing
import FoundationEssentials

/// What the log knows of an earlier import into an organization.
public struct EarlierImport: Sendable, Hashable {
    /// The import.
    public let `import`: UUID
    /// The organization that it goes into.
    public let organization: UUID
    /// How many lines of its file the last event speaks of that has their digest.
    public let lines: Int
    /// Their digest, as that event has it.
    public let digest: String
    /// The last line that was carried out: of its events' `line` and of its `import_stopped` and `import_completed`; else 0.
    public let lastLine: Int

    /// An import, as its events show it.
    public init(import: UUID, organization: UUID, lines: Int, digest: String, lastLine: Int) {
        self.import = `import`
        self.organization = organization
        self.lines = lines
        self.digest = digest
        self.lastLine = lastLine
    }
}

/// How a file is to be imported, given what was imported before.
public enum ImportPlan: Sendable, Hashable {
    /// From its first line.
    case begin
    /// After the last line of an earlier import of the same file, or of the same with fewer lines.
    case goOn(EarlierImport)

    /// Finds out how to import a file.
    /// - Parameters:
    ///   - earlier: the imports into the organization (for a new one: those of all).
    ///   - lastEffectiveAt: the latest time at which something took effect in the organization.
    /// - Throws: a refusal if it is another file that begins before that time.
    public init(of file: HistoryFile, after earlier: [EarlierImport], lastEffectiveAt: Instant?) throws(Refusal) {
        if let same = earlier.last(where: { $0.begins(file) }) {
            self = .goOn(same)
            return
        }
        if let lastEffectiveAt, let first = file.lines.first?.at, first < lastEffectiveAt {
            throw Refusal.rule(
                "The file begins at \(first), before \(lastEffectiveAt), when something last took effect in the organization, "
                    + "and it is not a file imported before with lines added.")
        }
        self = .begin
    }

    /// The lines that are to be carried out.
    public func lines(of file: HistoryFile) -> ArraySlice<ImportLine> {
        guard case .goOn(let earlier) = self else { return file.lines[...] }
        return file.lines.drop { $0.number <= earlier.lastLine }
    }

    /// Whether an `import_started` is due: at the beginning, and where the file has other lines than the last one speaks of.
    public func needsStart(for file: HistoryFile) -> Bool {
        guard case .goOn(let earlier) = self else { return true }
        return earlier.lines != file.lineCount
    }
}

extension EarlierImport {
    /// Whether a file begins with the lines that it speaks of. One that was stopped before its first line speaks of none, or of
    /// empty ones: every file begins with those, so they tell nothing.
    fileprivate func begins(_ file: HistoryFile) -> Bool {
        guard let first = file.lines.first, (first.number...file.lineCount).contains(lines) else { return false }
        return file.digest(ofFirst: lines) == digest
    }
}
