import EventSourcing
import FoundationEssentials
import Postgres

/// Why an export is not restored into a database.
public enum RestoreRefusal: Error, Equatable, CustomStringConvertible {
    /// The database has a directory, or had one.
    case notEmpty
    /// The export of another log was being restored into it.
    case anotherLog(UUID)
    /// Somebody else writes to it at the same time.
    case notAlone
    /// The last events come later than the database's clock.
    case clockIsBehind

    public var description: String {
        switch self {
        case .notEmpty: "The database is in use: an export is restored into an empty one."
        case .anotherLog(let id): "The log \(id.text) was being restored into this database: use another one."
        case .notAlone: "Somebody else writes to the database at the same time."
        case .clockIsBehind: "The export has events that are later than the database's clock: set its clock."
        }
    }
}

/// A database that is being restored, or whose restore was interrupted.
public struct UnfinishedRestore: Error, CustomStringConvertible {
    public var description: String {
        "This database is being restored, which has not ended: repeat `directory restore` with the same file."
    }

    /// Refuses a database that has the mark.
    public static func check(_ session: PostgresSession) async throws {
        let isUnfinished = try await session.selectOne(
            Selection { try $0.bool("exists (select from log.control where \(RestoringLog.isUnfinished))") })
        if isUnfinished { throw UnfinishedRestore() }
    }
}
