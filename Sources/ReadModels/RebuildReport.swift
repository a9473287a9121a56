import EventSourcing

/// How far a rebuild has come.
public struct RebuildProgress: Sendable, Equatable {
    /// The position up to which events have been folded.
    public let done: Position
    /// The head of the log, as last seen.
    public let total: Position
}

/// What a rebuild did.
public struct RebuildReport: Sendable {
    /// The rows of one table and how many of them differ from those that were served before.
    public struct Table: Sendable, Equatable {
        /// Its name: `employees.past`.
        public let name: String
        /// How many rows it had at the moment of the swap.
        public let rows: Int
        /// How many rows are in one of the two, rebuilt or served, and not in the other; `nil` where nothing was served
        /// before, or another version.
        public let differing: Int?
        /// The first position since which a differing row has held.
        public var first: Position?
    }

    /// How many events were folded.
    public let events: Int
    /// The head of the log at the moment of the swap.
    public let head: Position
    /// The tables.
    public let tables: [Table]
    /// From the start to the swap.
    public let duration: Duration

    /// How many rows differ in all.
    public var mismatches: Int { tables.reduce(0) { $0 + ($1.differing ?? 0) } }
}
