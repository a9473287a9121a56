import Postgres

/// Why `log.append` refused, by its own SQLSTATEs.
public enum AppendRefusal: String, Sendable, Error {
    /// The read models were swapped: all that is cached is void.
    case generationMoved = "LG001"
    /// Another node wrote: all that is cached is void.
    case headMoved = "LG002"
    /// The log is shorter than it was known to be, or another: stop writing.
    case anotherLog = "LG003"
    /// The first event is not later than the head.
    case notLater = "LG004"
    /// An event is more than a second ahead of the database's clock, which was set back.
    case clockSetBack = "LG005"

    /// The refusal that an error of the database is; `nil` for any other error.
    public init?(_ error: PostgresError) {
        guard let state = error.sqlState, let refusal = AppendRefusal(rawValue: state) else { return nil }
        self = refusal
    }
}
