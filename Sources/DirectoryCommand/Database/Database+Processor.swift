import CommandProcessor
import DirectoryAPI
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

extension Database {
    /// Runs `body` with its own command processor; the service's may be running too.
    /// - Parameter role: what `setUp` returned.
    func withProcessor<T: Sendable>(
        role: String?, _ body: @Sendable (CommandProcessor<DirectoryEvent>) async throws -> T
    ) async throws -> T {
        let processor = CommandProcessor(
            ConnectionConfiguration(
                url: connection, applicationName: "directory command", role: role,
                settings: CommandProcessor<DirectoryEvent>.sessionSettings.merging(longRuns) { $1 }),
            readModels: DirectoryNode.readModels, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await processor.run() }
            let result: Result<T, any Error>
            do { result = .success(try await body(processor)) } catch { result = .failure(error) }
            // The processor still carries out what was submitted before, then closes its connection.
            group.cancelAll()
            return try result.get()
        }
    }

    /// An import decides hundreds of lines at once, and on a busy machine that takes longer than a request may.
    private var longRuns: [String: String] { ["idle_in_transaction_session_timeout": "20s"] }
}
