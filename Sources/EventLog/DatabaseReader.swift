import Postgres

/// What answers statements that only read: a pool, or a session in whose transaction they are to be.
public protocol DatabaseReader: Sendable {
    /// The rows that a selection finds.
    func rows<Input, Output>(_ selection: Selection<Input, Output>, _ input: Input) async throws(PostgresError)
        -> [Output]
}

extension PostgresPool: DatabaseReader {
    public func rows<Input, Output>(
        _ selection: Selection<Input, Output>, _ input: Input
    ) async throws(PostgresError) -> [Output] { try await select(selection, input) }
}

extension PostgresSession: DatabaseReader {
    public func rows<Input, Output>(
        _ selection: Selection<Input, Output>, _ input: Input
    ) async throws(PostgresError) -> [Output] { try await select(selection, input) }
}

extension DatabaseReader {
    /// The first row that a selection finds; no row is a `PostgresError.unexpectedResult`.
    func one<Output>(_ selection: Selection<Void, Output>) async throws(PostgresError) -> Output {
        guard let first = try await rows(selection, ()).first else { throw .unexpectedResult("no row") }
        return first
    }
}
