import CommandProcessor
import Postgres

/// The part of an error that may be logged: never a value that a client sent.
struct LoggableError: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description =
            switch error {
            case let error as PostgresError: error.sqlState.map { "SQLSTATE \($0)" } ?? "\(error)"
            case let error as ProcessorError: "\(error)"
            default: "\(type(of: error))"
            }
    }
}
