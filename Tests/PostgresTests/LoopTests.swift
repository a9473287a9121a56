import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite struct LoopTests {
    @Test func `Work that comes after the end is refused`() async throws {
        let thread = LoopThread()
        thread.start()
        let hasRun = Mutex(false)
        #expect(thread.submit { _ in hasRun.withLock { $0 = true } })
        thread.stop()
        try await until { !thread.submit { _ in } }
        #expect(hasRun.withLock { $0 })
    }

    /// The helper thread returns with a connection after the loop has ended, or while it ends.
    @Test func `A loop that ends while it connects leaves no connection`() async throws {
        for _ in 0..<50 {
            weak var thread: LoopThread?
            do {
                let loop = EventLoop()
                thread = loop.thread
                await #expect(throws: PostgresError.self) {
                    try await PostgresSession.connect(
                        configuration(), logger: quiet, eventLoop: loop, deadline: .zero)
                }
            }
            let isGone = { [weak thread] in thread == nil }
            try await until(isGone)
        }
    }
}
