import Logging

extension PostgresSession {
    /// Connects, runs `body` with the session, and closes it whatever happens.
    ///
    /// - Parameter eventLoop: As for `connect`. What connects again and again gives its own: creating another loop when the system has
    ///   no descriptors left would trap.
    public static func use<T>(
        _ configuration: ConnectionConfiguration, logger: Logger, eventLoop: EventLoop? = nil,
        _ body: (PostgresSession) async throws -> T
    ) async throws -> T {
        let session = try await connect(configuration, logger: logger, eventLoop: eventLoop)
        let result: Result<T, any Error>
        do { result = .success(try await body(session)) } catch { result = .failure(error) }
        await session.close()
        return try result.get()
    }
}
