extension PostgresSession {
    /// Runs a `COPY … TO STDOUT`; the chunks hold whole rows, of about 64 KiB together.
    ///
    /// It begins when the first chunk is asked for, and nothing is read from the server unless one is: a slow reader
    /// slows the server down. A reader that stops early makes the server stop too. One reader only.
    public func copyOut(_ sql: String) -> AsyncThrowingStream<[UInt8], any Error> {
        let reader = CopyOutReader(sql, session: self)
        return AsyncThrowingStream { try await reader.next() }
    }
}

/// The reading end of a copy; when it goes, the copy is abandoned.
final class CopyOutReader: Sendable {
    private let session: PostgresSession
    private let operation: LoopBound<Cell>
    private let sql: String

    /// Where the operation is kept once it has begun.
    final class Cell {
        var operation: CopyOutOperation?
    }

    init(_ sql: String, session: PostgresSession) {
        self.sql = sql
        self.session = session
        operation = LoopBound(Cell(), on: session.loop.thread)
    }

    deinit {
        let core = session.core
        let cell = operation
        let thread = session.loop.thread
        thread.submit { _ in
            guard let operation = cell.value.operation, core.value.pg(for: operation) != nil else { return }
            operation.abandon()
            core.value.limit(operation, to: .seconds(10))
            core.value.cancel {
                thread.submit { _ in
                    guard let operation = cell.value.operation else { return }
                    operation.cancelled()
                    core.value.resume(operation, now: Monotonic.now)
                }
            }
            core.value.resume(operation, now: Monotonic.now)
        }
    }

    func next() async throws(PostgresError) -> [UInt8]? {
        let core = session.core
        let cell = operation
        let sql = sql
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<[UInt8]?, PostgresError>, Never>) in
            session.loop.thread.submit { _ in
                if let operation = cell.value.operation {
                    operation.next { continuation.resume(returning: $0) }
                    core.value.resume(operation, now: Monotonic.now)
                } else {
                    let operation = CopyOutOperation(sql) { continuation.resume(returning: $0) }
                    cell.value.operation = operation
                    core.value.perform(.exclusive(operation), now: Monotonic.now)
                }
            }
        }
        return try result.get()
    }
}
