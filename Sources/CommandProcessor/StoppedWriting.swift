import EventSourcing
import Postgres

/// A finding after which a node must not write any more.
struct StoppedWriting: Error {
    let reason: String

    static func anotherLog(_ position: Position) -> StoppedWriting {
        StoppedWriting(
            reason:
                "the log lacks an event that was committed at \(position), or holds another there: the database was "
                + "replaced or restored from the past; restart this node when that is understood")
    }

    static let otherReadModels = StoppedWriting(
        reason:
            "the database's read models are of other versions than this binary's: run the version that made them, or "
            + "restart this one so that it makes its own")

    static let clockSetBack = StoppedWriting(
        reason: "the database's clock was set back before the last event; set it right, then restart this node")
}

extension PostgresError {
    /// Whether what was sent may have been carried out all the same.
    var leavesOutcomeUnknown: Bool {
        switch self {
        case .connectionLost, .deadlineExceeded, .closed: true
        case .server(let error): error.sqlState.hasPrefix("57P")
        case .unavailable, .unexpectedResult, .cancelled: false
        }
    }
}
