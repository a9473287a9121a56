/// Why Postgres could not be found, started or stopped, in words that say what to do.
public struct EmbeddedPostgresError: Error, Equatable, Sendable {
    /// What kind of trouble it is, for callers that treat one apart.
    public enum Kind: Sendable {
        /// No server programs, or only ones that are too old.
        case notInstalled
        /// Another service holds this data directory.
        case inUse
        /// The data directory cannot be used: a path too long, a foreign owner, a part gone.
        case unusableDirectory
        /// The cluster was made by another major version of Postgres.
        case versionMismatch
        /// One of Postgres's programs failed.
        case failed
    }

    /// What kind of trouble it is.
    public let kind: Kind
    /// What happened and what to do about it.
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension EmbeddedPostgresError: CustomStringConvertible {
    /// The message alone: it is written to be shown as it is.
    public var description: String { message }
}
