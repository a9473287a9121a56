/// Why a statement had no result. No case ever holds a password.
public enum PostgresError: Error, Sendable, Equatable {
    /// The server refused a statement.
    indirect case server(ServerError)
    /// The connection ended while the statement was under way; what it did is unknown.
    case connectionLost(String)
    /// No connection can be had.
    case unavailable(String)
    /// The time that the caller allowed has passed; what the statement did is unknown.
    case deadlineExceeded
    /// The pool or session was closed before.
    case closed
    /// The task that waited for the result was cancelled.
    case cancelled
    /// The answer is not of the shape that the caller asked for.
    case unexpectedResult(String)

    /// The SQLSTATE, if it was the server that refused.
    public var sqlState: String? {
        if case .server(let error) = self { error.sqlState } else { nil }
    }

    /// What went wrong, to be put into an error of another case.
    var reason: String {
        switch self {
        case .connectionLost(let reason), .unavailable(let reason): reason
        default: description
        }
    }
}

/// An error as the server reported it.
public struct ServerError: Error, Sendable, Equatable {
    /// Five letters or digits, such as `23505`.
    public var sqlState: String
    /// The primary message.
    public var message: String
    /// More about the error, possibly with values of the row at fault.
    public var detail: String?
    /// What to do about it.
    public var hint: String?
    /// The name of the constraint that was violated.
    public var constraint: String?
    /// Which statement of its unit failed, from 0; nil if the error came at the Sync and so belongs to none.
    public var statementIndex: Int?

    /// An error with the given fields.
    public init(
        sqlState: String, message: String, detail: String? = nil, hint: String? = nil, constraint: String? = nil,
        statementIndex: Int? = nil
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.constraint = constraint
        self.statementIndex = statementIndex
    }
}

extension PostgresError: CustomStringConvertible {
    /// One line for logs: code and message, without the detail, which may hold a row's values.
    public var description: String {
        switch self {
        case .server(let error): "\(error.sqlState): \(error.message)"
        case .connectionLost(let reason): "connection lost: \(reason)"
        case .unavailable(let reason): "no connection to be had: \(reason)"
        case .deadlineExceeded: "deadline exceeded"
        case .closed: "closed"
        case .cancelled: "cancelled"
        case .unexpectedResult(let what): "unexpected result: \(what)"
        }
    }
}
