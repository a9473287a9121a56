import CommandProcessor
import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import Postgres
import ServiceLifecycle

/// Does what erasures leave to be done: where requests came from goes in small transactions, which any node takes up where another
/// stopped; and this node forgets what it keeps in memory.
struct ErasureFollowUp: Service {
    let service: DirectoryService
    let configuration: ConnectionConfiguration
    let interval: Duration
    private let eventLoop = EventLoop()

    func run() async throws {
        let work = PeriodicWork(failure: "erasures are not followed up", interval: interval, logger: service.logger)
        await cancelWhenGracefulShutdown {
            var known: Position?
            await work.run { known = try await followUp(after: known) }
        }
    }

    /// - Parameter known: the last erasure that this node has followed up; `nil` where it has only just started.
    /// - Returns: the last one that it has followed up now.
    private func followUp(after known: Position?) async throws -> Position {
        guard let state = try await service.reads.select(Erasures.state, ()).first else { return known ?? 0 }
        if state.isUnfinished { try await eraseOrigins() }
        if let known, known != state.last { try await forget(before: state.last) }
        return state.last
    }

    private func forget(before position: Position) async throws {
        service.tokens.forget()
        service.listKeys.forget()
        service.feedPages.forget(before: position)
        try await service.processor.submit(LookAgain())
    }

    private func eraseOrigins() async throws {
        try await PostgresSession.use(configuration, logger: service.logger, eventLoop: eventLoop) { session in
            while try await session.selectOne(Erasures.step) { try Task.checkCancellation() }
        }
    }
}

/// Changes nothing. A command processor that carries it out looks at the log, and drops what it holds if another node has written.
private struct LookAgain: Command {
    var loads: [Load] { [] }

    func decide(_ view: View, at now: Instant) -> (Decision<DirectoryEvent>, Void) { (Decision([], by: .system), ()) }

    func respond(_ view: View, _ outcome: Outcome, _ memo: Void) {}
}
