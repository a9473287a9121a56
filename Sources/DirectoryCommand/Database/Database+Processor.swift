import CommandProcessor
import DirectoryAPI
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

extension Database {
    /// Runs `body` with a command processor of its own; the service's may run beside it.
    /// - Parameter role: what `setUp` returned.
    func withProcessor<T: Sendable>(
        role: String?, _ body: @Sendable (CommandProcessor<DirectoryEvent>) async throws -> T
    ) async throws -> T {
        let processor = CommandProcessor(
            ConnectionConfiguration(
                url: connection, applicationName: "directory command", role: role,
                settings: CommandProcessor<DirectoryEvent>.sessionSettings),
            readModels: DirectoryNode.readModels, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await processor.run() }
            let result: Result<T, any Error>
            do { result = .success(try await body(processor)) } catch { result = .failure(error) }
            // It carries out what was submitted before, and closes its connection.
            group.cancelAll()
            return try result.get()
        }
    }
}

extension Instant {
    /// This computer's clock; for ids and expiry, not for what the log records.
    static var now: Instant { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}
