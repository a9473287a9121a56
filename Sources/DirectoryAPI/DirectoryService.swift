import CommandProcessor
import Crypto
import Directory
import DirectoryEvents
import EventLog
import Logging
import Postgres

/// What operations work with: the way to change the directory, and the ways to read it. A class, since each request refers to it.
public final class DirectoryService: Sendable {
    /// Carries out mutations.
    public let processor: CommandProcessor<DirectoryEvent>
    /// Answers reads of one entity and of one page.
    public let reads: PostgresPool
    /// Answers pages of lists.
    public let lists: PostgresPool
    /// Answers what may take long: walks, searches and audit trails. None of the others waits for them.
    public let walks: PostgresPool
    public let log: EventLog
    let tokens: TokenVerifier
    /// Seals and digests the secrets of organizations.
    let secrets: SecretKeys
    /// Signs checkpoints of the log.
    let checkpoints: CheckpointSigner
    /// Signs the cursors of lists. All nodes have the same key, so that a list can be continued on any of them.
    let cursorKey: SymmetricKey
    /// The keys of lists that were found by a walk or a search.
    let listKeys = ListKeyCache()
    /// Wakes the streams of the audit trail.
    let feed: Feed
    /// What is sent to them.
    let feedPages: FeedPages
    /// Sends what happens to webhooks.
    let webhooks: WebhookSender
    let logger: Logger

    /// - Parameter secret: a secret that all nodes share and nobody else knows.
    public init(
        processor: CommandProcessor<DirectoryEvent>, reads: PostgresPool, lists: PostgresPool,
        walks: PostgresPool, tokens: TokenVerifier, secret: [UInt8], secrets: SecretKeys,
        checkpoints: CheckpointSigner, feed: Feed, webhooks: WebhookOptions, logger: Logger
    ) {
        let label = Array("directory: cursors of lists".utf8)
        cursorKey = SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(for: label, using: SymmetricKey(data: secret)))

        self.processor = processor
        self.reads = reads
        self.lists = lists
        self.walks = walks
        self.tokens = tokens
        self.secrets = secrets
        self.checkpoints = checkpoints
        self.feed = feed
        feedPages = FeedPages(feed.pool)
        self.webhooks = WebhookSender(webhooks)
        self.logger = logger
        log = EventLog(reads)
    }
}
