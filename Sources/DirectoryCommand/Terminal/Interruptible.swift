import Dispatch
import Synchronization

/// Runs the work of a command so that SIGINT and SIGTERM cancel it: its resources are released in order, and what it has begun
/// in the database is rolled back. A second signal ends the process at once.
func interruptible<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    let task = Task { try await work() }
    let caught = Mutex<Int32?>(nil)
    let sources = [Platform.interrupt, Platform.terminate].map { number in
        Platform.ignore(number)
        // Not a Swift task: it must run even if all of those are blocked.
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            let isFirst = caught.withLock { first in
                defer { first = first ?? number }
                return first == nil
            }
            guard isFirst else { Platform.end(128 + number) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    do {
        return try await task.value
    } catch {
        if let number = caught.withLock({ $0 }) { throw Failure.interrupted(by: number) }
        throw error
    }
}
