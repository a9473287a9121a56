extension PostgresSession {
    /// Runs a `COPY … FROM STDIN`, text or binary as its text says, with chunks that may be cut anywhere.
    ///
    /// A chunk is asked for when the one before it has been sent. If the sequence throws, the copy is dropped and its
    /// error thrown; if the server refuses, a ``PostgresError``. The session stays usable in both cases.
    ///
    /// - Returns: The number of rows copied.
    public func copyIn(_ sql: String, _ chunks: some AsyncSequence<[UInt8], any Error> & Sendable) async throws -> Int {
        let operation = try await start(sql)
        do {
            for try await chunk in chunks where !chunk.isEmpty {
                _ = try await perform(operation) { copy, pg, completion in
                    copy.put(chunk, on: pg, completion: completion)
                }
            }
        } catch {
            _ = try? await perform(operation) { copy, pg, completion in
                copy.end(failure: "the sender gave up", on: pg, completion: completion)
            }
            throw error
        }
        return try await perform(operation) { copy, pg, completion in
            copy.end(failure: nil, on: pg, completion: completion)
        }
    }

    private func start(_ sql: String) async throws(PostgresError) -> LoopBound<CopyInOperation> {
        let core = core
        let thread = loop.thread
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<LoopBound<CopyInOperation>, PostgresError>, Never>) in
            thread.submit { _ in
                var bound: LoopBound<CopyInOperation>?
                let operation = CopyInOperation(sql) { result in
                    continuation.resume(
                        returning: result.flatMap { _ in bound.map { .success($0) } ?? .failure(.closed) })
                    bound = nil
                }
                bound = LoopBound(operation, on: thread)
                core.value.perform(.exclusive(operation), now: Monotonic.now)
            }
        }
        return try result.get()
    }

    private func perform(
        _ operation: LoopBound<CopyInOperation>,
        _ body: @escaping @Sendable (CopyInOperation, OpaquePointer, @escaping CopyInOperation.Completion) -> Void
    ) async throws(PostgresError) -> Int {
        let core = core
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Int, PostgresError>, Never>) in
            loop.thread.submit { _ in
                let copy = operation.value
                guard let pg = core.value.pg(for: copy) else {
                    return continuation.resume(returning: copy.outcome)
                }
                body(copy, pg) { continuation.resume(returning: $0) }
                core.value.resume(copy, now: Monotonic.now)
            }
        }
        return try result.get()
    }
}
