import EventLog
import Postgres

/// The events that an interrupted restore has left, to be compared with those of the file that it goes on with.
struct StoredPrefix {
    private let log: RestoringLog
    private let stored: StoredLog
    private var page: ArraySlice<StoredEvent> = []

    init(of log: RestoringLog, _ session: PostgresSession) {
        self.log = log
        stored = StoredLog(session)
    }

    /// Compares the next event, at a position up to the head, with the stored one.
    /// - Throws: `LogFinding` where they differ.
    mutating func check(_ event: StoredEvent) async throws {
        if page.isEmpty {
            page = try await stored.events(after: event.position - 1, through: log.head)[...]
        }
        guard let first = page.popFirst(), first.exported == event.exported else {
            throw LogFinding(at: event.position, "the database has another event here: use an empty one")
        }
    }
}
