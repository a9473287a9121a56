import CommandProcessor
import Crypto
import DirectoryEvents
import EventLog
import Logging
import Postgres

/// What operations work with: the way to change the directory, and the ways to read it.
public struct DirectoryService: Sendable {
    /// Carries out mutations.
    public let processor: CommandProcessor<DirectoryEvent>
    /// Answers reads of one entity and of one page.
    public let reads: PostgresPool
    /// Answers reads that may take long: audit trails, deep trees. None of the others waits for them.
    public let longReads: PostgresPool
    public let log: EventLog
    let tokens: TokenVerifier
    /// Signs the cursors of lists. All nodes have the same key, so that a list can be continued on any of them.
    let cursorKey: SymmetricKey
    let logger: Logger

    /// - Parameter secret: a secret that all nodes share and nobody else knows.
    public init(
        processor: CommandProcessor<DirectoryEvent>, reads: PostgresPool, longReads: PostgresPool,
        tokens: TokenVerifier, secret: [UInt8], logger: Logger
    ) {
        let label = Array("directory: cursors of lists".utf8)
        cursorKey = SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(for: label, using: SymmetricKey(data: secret)))

        self.processor = processor
        self.reads = reads
        self.longReads = longReads
        self.tokens = tokens
        self.logger = logger
        log = EventLog(reads)
    }
}
