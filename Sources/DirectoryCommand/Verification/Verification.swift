import DirectoryAPI
import EventLog
import EventSourcing
import ReadModels
import TransparencyLog

/// What `directory verify` does, step by step; each says in a line what was found to be right.
struct Verification: Sendable {
    let kept: [KeptCheckpoint]
    /// The keys that the kept checkpoints must be signed by; `nil` for those that the database names.
    let keys: [NoteVerifier]?
    let checksReadModels: Bool

    /// What is right, in words.
    typealias Say = @Sendable (String) throws -> Void

    /// Verifies a database.
    /// - Throws: `LogFinding`, the first.
    func run(_ database: Database, _ say: Say) async throws {
        try await database.withSession("verify") { session in
            let own = try await LogSignature.verifiers(session)
            let last = try await LastCheckpoint.read(session)
            let checkpoints = try checkpoints(by: keys ?? own) + storedCheckpoint(last, by: own)
            let head = try await StoredLog(session).head()
            var checker = LogChecker(rootsOf: checkpoints.map { Position(clamping: $0.checkpoint.size) })
            let progress = Progress("Verifying the log", "events")
            defer { progress.end() }
            try await StoredLog(session).check(&checker, through: head) { progress.show($0, of: head) }
            progress.end()
            try report(checker, checkpoints, say)
        }
        guard checksReadModels else { return }
        try await verifyReadModels(database, say)
    }

    /// Verifies an export.
    /// - Throws: `LogFinding`, the first.
    func run(export path: String, _ say: Say) throws {
        var export = try ExportedLog(path: path)
        let header = export.header
        guard header.after == 0 else {
            throw Failure("\(path) begins after position \(header.after): only a whole log can be verified.")
        }
        guard kept.isEmpty || keys != nil else { throw Failure("An export has no keys: give the log's with --vkey.") }
        let checkpoints = try checkpoints(by: keys ?? [])
        for (name, checkpoint) in checkpoints
        where header.origin.map({ !$0.utf8.elementsEqual(checkpoint.origin.utf8) }) ?? false {
            throw LogFinding(
                at: nil, "\(name) is of the log \(checkpoint.origin), the export of \(header.origin ?? "")")
        }
        var checker = LogChecker(rootsOf: checkpoints.map { Position(clamping: $0.checkpoint.size) })
        let progress = Progress("Verifying the export", "events")
        defer { progress.end() }
        while let event = try export.next(at: checker.head + 1) {
            _ = try checker.take(event)
            if checker.head.isMultiple(of: 1000) {
                try Task.checkCancellation()
                progress.show(checker.head, of: max(header.through, checker.head))
            }
        }
        try checker.finish()
        guard checker.head == header.through else {
            throw LogFinding(
                at: min(checker.head, header.through) + 1,
                "the export has \(checker.head) events, its first line says \(header.through)")
        }
        progress.end()
        try report(checker, checkpoints, say)
    }

    /// The kept checkpoints, whose signatures are verified.
    private func checkpoints(by keys: [NoteVerifier]) throws -> [(name: String, checkpoint: Checkpoint)] {
        try kept.map { kept in
            do {
                try kept.signed.verify(by: keys)
            } catch {
                throw LogFinding(at: nil, "the checkpoint in \(kept.path) is not trusted: \(error)")
            }
            return ("the checkpoint in \(kept.path)", kept.signed.checkpoint)
        }
    }

    /// The checkpoint that the database keeps as the last one signed.
    private func storedCheckpoint(_ last: LastCheckpoint, by keys: [NoteVerifier]) throws -> [(
        name: String, checkpoint: Checkpoint
    )] {
        guard let note = last.note else { return [] }
        let name = "the last checkpoint that was signed"
        do {
            let signed = try SignedCheckpoint(parsing: Array(note.utf8))
            try signed.verify(by: keys)
            guard signed.checkpoint.size == UInt64(clamping: last.size), signed.checkpoint.root == last.root else {
                throw LogFinding(at: nil, "\(name) is not what the database says of it")
            }
            return [(name, signed.checkpoint)]
        } catch let error as NoteError {
            throw LogFinding(at: nil, "\(name) is not trusted: \(error)")
        }
    }

    private func report(
        _ checker: LogChecker, _ checkpoints: [(name: String, checkpoint: Checkpoint)], _ say: Say
    ) throws {
        try say("log: \(Progress.grouped(checker.head)) events, root \(Base64.encode(checker.root))")
        for (name, checkpoint) in checkpoints {
            try checker.check(checkpoint, name)
            try say("checkpoint: the log extends \(name), of \(Progress.grouped(Position(checkpoint.size))) events")
        }
    }

    private func verifyReadModels(_ database: Database, _ say: Say) async throws {
        let rebuild = Rebuild(
            readModels: DirectoryNode.readModels, configuration: database.configuration("verify"),
            logger: database.logger)
        let progress = Progress("Replaying the log", "events")
        defer { progress.end() }
        let report = try await rebuild.verify { progress.show($0.done, of: $0.total) }
        progress.end()
        let wrong = report.tables.filter { ($0.differing ?? 0) > 0 }
        guard let first = wrong.min(by: { ($0.first ?? .max) < ($1.first ?? .max) }) else {
            let rows = report.tables.reduce(0) { $0 + $1.rows }
            return try say(
                "read models: \(Progress.grouped(Int64(rows))) rows equal a replay up to position \(report.head)")
        }
        let names = wrong.map { "\($0.name) (\($0.differing ?? 0))" }.joined(separator: ", ")
        throw LogFinding(
            at: first.first,
            "rows of \(first.name) are not what the log says; in all: \(names). `directory rebuild` mends them")
    }
}
