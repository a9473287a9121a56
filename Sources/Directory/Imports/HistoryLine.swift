import EventSourcing

/// One line of a history: what happened to a person, and when.
public struct HistoryLine: Sendable {
    /// What happened.
    public enum Change: Sendable {
        /// Somebody joined, or came back.
        case hire(name: String, role: String?, location: String?)
        /// Somebody left.
        case leave
        /// The one DIRECT manager from now on, by the address under which that person was hired.
        case setManager(String)
        /// The DIRECT line to that manager ended.
        case unsetManager(String)
        /// The job title from now on; `nil` for none.
        case role(String?)
        /// The location from now on; `nil` for none.
        case location(String?)
    }

    /// Its number in the file, from 1.
    public let number: Int
    /// When it took effect.
    public let at: Instant
    /// The address under which the person was hired.
    public let email: String
    /// What happened to that person.
    public let change: Change

    /// The addresses of all people that it names.
    var addresses: [String] {
        switch change {
        case .setManager(let manager), .unsetManager(let manager): [email, manager]
        case .hire, .leave, .role, .location: [email]
        }
    }
}

/// A history that cannot be read.
public struct HistoryError: Error, Equatable, CustomStringConvertible {
    /// The line at fault, from 1.
    public let line: Int
    /// The field at fault, if it is one.
    public let field: String?
    /// What is wrong with it; never its content.
    public let reason: String

    /// Says which line cannot be read, and why.
    public init(line: Int, field: String? = nil, _ reason: String) {
        self.line = line
        self.field = field
        self.reason = reason
    }

    public var description: String { "line \(line): " + (field.map { "\($0): " } ?? "") + reason }
}
