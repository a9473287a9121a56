/// Runs something to its end though the task that waits for it be cancelled: a server that is half started or half
/// stopped is no one's.
nonisolated(nonsending) func uncancelled<T: Sendable>(
    _ operation: @escaping @Sendable () async throws(EmbeddedPostgresError) -> T
) async throws(EmbeddedPostgresError) -> T {
    let task = Task { () -> Result<T, EmbeddedPostgresError> in
        do throws(EmbeddedPostgresError) { return .success(try await operation()) } catch { return .failure(error) }
    }
    return try await task.value.get()
}
