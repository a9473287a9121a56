import EventSourcing

/// Something about a log that is not as it was written.
public struct LogFinding: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first position that is wrong; `nil` where only a whole can be told to be.
    public let position: Position?
    /// What is wrong.
    public let reason: String

    public init(at position: Position?, _ reason: String) {
        self.position = position
        self.reason = reason
    }

    public var description: String { position.map { "position \($0): \(reason)" } ?? reason }
}
