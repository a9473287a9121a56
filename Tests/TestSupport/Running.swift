import ServiceLifecycle

/// Runs a service for the duration of the body.
package func running<S: Service, T: Sendable>(
    _ service: S, _ body: @Sendable (S) async throws -> T
) async throws -> T {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.run() }
        defer { group.cancelAll() }
        return try await body(service)
    }
}
