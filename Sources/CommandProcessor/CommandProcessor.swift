import EventLog
import EventSourcing
import Instruments
import Logging
import Postgres
import ReadModels
import ServiceLifecycle
import Synchronization

/// Carries commands out: load, decide in series, commit in groups.
///
/// Commands that arrive while a batch is under way are the next batch. A batch is one database transaction under one lock,
/// so each command is decided against the state at the very position before its events, whichever node decides. Nothing is
/// speculative, and nobody is answered before the transaction is durable, the refused included.
public actor CommandProcessor<Payload: EventPayload>: Service {
    /// What can be set.
    public struct Options: Sendable {
        /// How many commands a batch takes at most.
        public var batchLimit = 256
        /// Bytes that cached rows and lookups may take, roughly.
        public var cacheBudget = 64 << 20
        /// How long the outcome of a batch is looked for before its callers are told that it is unknown.
        public var recoveryDeadline = Duration.seconds(15)

        /// The usual.
        public init() {}
    }

    let configuration: ConnectionConfiguration
    let readModels: ReadModels<Payload>
    let options: Options
    let logger: Logger
    /// The thread of the connection is the actor's own too: a batch is loaded, decided and committed without leaving it.
    let eventLoop = EventLoop()
    let queue = SubmissionQueue<Payload>()
    /// What it counts, from its start on.
    public nonisolated let metrics = ProcessorMetrics()
    let currentStatus = Mutex(ProcessorStatus.connecting)

    var session: PostgresSession?
    var view = View()
    /// Where ids and salts come from.
    var random = BufferedRandom()
    /// The head of the log, on which the view rests; `nil` where it has to be read.
    var logHead: LogHead?
    /// The last event that this node knows to have been committed; outlasts connection and view.
    var lastCommitted: (position: Position, hash: [UInt8])?
    /// Whether the append lock is held, in a transaction that has been begun.
    var isLocked = false

    /// A processor with a connection of its own.
    public init(
        _ configuration: ConnectionConfiguration, readModels: ReadModels<Payload>, options: Options = Options(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.readModels = readModels
        self.options = options
        self.logger = logger
    }

    /// The session settings that the processor's statements rely on.
    public static var sessionSettings: [String: String] {
        [
            // Plans made while tables were empty would scan them for ever.
            "enable_seqscan": "off", "plan_cache_mode": "force_generic_plan",
            "default_transaction_isolation": "read committed", "synchronous_commit": "on",
            // A node that hangs inside a transaction holds the append lock: the server ends it.
            "idle_in_transaction_session_timeout": "5s", "jit": "off",
        ]
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.asUnownedSerialExecutor() }

    /// Whether commands are carried out at the moment.
    public nonisolated var status: ProcessorStatus { currentStatus.withLock { $0 } }

    /// How many commands wait for the next batch.
    public nonisolated var queueLength: Int { queue.count }

    /// Carries a command out and answers once its events are durable.
    /// - Throws: the command's refusal, or `ProcessorError`.
    public nonisolated func submit<C: Command>(_ command: C) async throws -> C.Response where C.Payload == Payload {
        try await withCheckedThrowingContinuation { caller in
            let ticket = Ticket(command: command, caller: caller)
            if !queue.add(ticket) { ticket.fail(ProcessorError.shuttingDown) }
        }
    }

    /// Works until graceful shutdown or cancellation; what was submitted before is still carried out.
    public func run() async throws {
        await withTaskExecutorPreference(eventLoop) {
            await withTaskCancellationOrGracefulShutdownHandler {
                await work()
            } onCancelOrGracefulShutdown: {
                self.queue.close()
            }
        }
    }

    private func work() async {
        await connect()
        while let batch = await queue.next(limit: options.batchLimit) {
            metrics.batchSizes.record(batch.count)
            await carryOut(batch)
        }
        await session?.close()
    }
}
