/// Why Postgres could not be found, started or stopped, and what to do about it.
public struct EmbeddedPostgresError: Error, Equatable, Sendable {
    /// The kind of error, for callers that handle one differently.
    public enum Kind: Sendable {
        /// No server programs, or only ones that are too old.
        case notInstalled
        /// Another service uses this data directory.
        case inUse
        /// The data directory cannot be used: its path is too long, it belongs to another user, or a part is missing.
        case unusableDirectory
        /// The cluster was created by another major version of Postgres.
        case versionMismatch
        /// One of Postgres's programs failed.
        case failed
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened and what to do about it.
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension EmbeddedPostgresError: CustomStringConvertible {
    /// The message, which is meant to be shown as it is.
    public var description: String { message }
}
