import CommandProcessor
import DirectoryEvents
import EventLog
import Logging
import Postgres

/// What operations work with: the way to change the directory, and the ways to read it.
public struct DirectoryService: Sendable {
    /// Carries mutations out.
    public let processor: CommandProcessor<DirectoryEvent>
    /// Answers reads of one entity and of one page.
    public let reads: PostgresPool
    /// Answers reads that may take long: audit trails, deep trees. They never stand before the others.
    public let longReads: PostgresPool
    /// The log.
    public let log: EventLog
    let tokens: TokenVerifier
    let logger: Logger

    /// A service over these.
    public init(
        processor: CommandProcessor<DirectoryEvent>, reads: PostgresPool, longReads: PostgresPool,
        tokens: TokenVerifier,
        logger: Logger
    ) {
        self.processor = processor
        self.reads = reads
        self.longReads = longReads
        self.tokens = tokens
        self.logger = logger
        log = EventLog(longReads)
    }
}
