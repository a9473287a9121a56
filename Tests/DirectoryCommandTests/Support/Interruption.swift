import Foundation
import Postgres
import TestSupport
import Testing

/// Interrupts a program as soon as its work shows in the database, so that on any machine it is in the middle of it.
struct Interruption {
    /// A number that changes when the work is under way.
    let progress: String
    let url: String

    /// Runs the program, interrupts it at its first progress, and waits for its end.
    func run(_ arguments: [String], with signal: Int32, _ scratch: Scratch, _ environment: [String: String])
        async throws -> Outcome
    {
        let session = try await PostgresSession.connect(
            ConnectionConfiguration(url: url, applicationName: "test"), logger: quiet)
        let before = await number(session)
        let running = try Running(Program.path, arguments, scratch, environment)
        while running.isRunning, await number(session) == before {}
        running.send(signal)
        await session.close()
        return try await running.outcome()
    }

    /// The number, or 0 where its tables do not exist.
    private func number(_ session: PostgresSession) async -> Int64 {
        guard let rows = try? await session.query(Statement(progress)) else { return 0 }
        return (try? rows[0].int(0)) ?? 0
    }
}
