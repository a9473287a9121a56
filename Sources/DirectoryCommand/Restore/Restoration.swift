import EventLog
import EventSourcing
import Migrations
import Postgres
import TransparencyLog

/// What `directory restore` does: it reads an export once, verifies each event and appends it, then builds and verifies the read
/// models.
struct Restoration: Sendable {
    private let path: String
    private let export: ExportedLog
    private let origin: String
    private let verification: Verification

    /// Opens a file.
    /// - Parameter verification: what is verified when all events are there.
    /// - Throws: `Failure` if the file does not begin as the export of a whole log does.
    init(path: String, verification: Verification) throws {
        export = try ExportedLog(path: path)
        guard export.header.after == 0 else {
            throw Failure(
                "\(path):1: the export begins after position \(export.header.after): only a whole log can be restored.")
        }
        guard let origin = export.header.origin, NoteVerifier.isName(origin) else {
            throw Failure("\(path):1: the log has no name: it can be exported once a service has started on it.")
        }
        self.path = path
        self.origin = origin
        self.verification = verification
    }

    /// Restores into a database.
    /// - Parameter say: is told what was found to be right.
    /// - Throws: `Failure` that names the first line that is wrong.
    func run(_ database: Database, _ say: Verification.Say) async throws {
        let root = try await database.withSession("restore") { session in
            try await Migrations.apply(session, logger: database.logger)
            let log = try await RestoringLog.begin(
                export.header.log, origin: origin, through: export.header.through, session)
            if log.head > 0 { try say("going on after position \(log.head)") }
            return try await inLines { try await append(to: log, session) }
        }
        _ = try await database.setUp(isRestoring: true)
        try await verification.run(database, say)
        try await database.withSession("restore") { session in
            let head = export.header.through
            guard try await LogTree(session).root(size: head) == root else {
                throw Failure("The log in the database is not the one in \(path).")
            }
            try await RestoringLog.finish(session)
        }
        try say("restored: the log \(export.header.log.text), named \(origin)")
    }

    /// Verifies all events, and appends those that are not there yet.
    /// - Returns: the root of the tree over them.
    /// - Throws: `LogFinding`.
    private func append(to log: RestoringLog, _ session: PostgresSession) async throws -> [UInt8] {
        var lines = export
        var checker = LogChecker(rootsOf: [])
        var stored = StoredPrefix(of: log, session)
        var batch = RestoreBatch()
        let through = export.header.through
        let progress = Progress("Restoring", "events")
        defer { progress.end() }
        while let event = try lines.next(at: checker.head + 1) {
            _ = try checker.take(event)
            guard checker.head <= through else {
                throw LogFinding(at: checker.head, "there is an event after the last one that the first line names")
            }
            if event.position <= log.head {
                try await stored.check(event)
                batch = RestoreBatch(afterHash: event.leafHash)
            } else if try !batch.add(event) {
                try await log.append(batch.events, afterHash: batch.afterHash)
                batch = RestoreBatch(after: batch, with: event)
                progress.show(checker.head, of: through)
            }
            if checker.head.isMultiple(of: 1000) { try Task.checkCancellation() }
        }
        try await log.append(batch.events, afterHash: batch.afterHash)
        guard checker.head == through else {
            throw LogFinding(
                at: checker.head + 1,
                "the file ends after \(checker.head) events, but its first line names \(through)")
        }
        guard log.head <= through else {
            throw LogFinding(at: through + 1, "the database has \(log.head) events already, more than the file")
        }
        try checker.finish()
        return checker.root
    }

    /// Names the line of what is found to be wrong: the event at a position is in the line after it, since the first line is the
    /// file's own.
    private func inLines<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let finding as LogFinding {
            guard let position = finding.position else { throw Failure("\(path): \(finding.reason)") }
            throw Failure("\(path):\(position + 1): \(finding.reason). Nothing is served from the database.")
        }
    }
}
