import Logging
import ServiceLifecycle

/// Work that a node does again and again in the background, with a pause after each time, until it shuts down.
///
/// What fails is tried again: after each failure in a row the pause is twice as long, up to ten seconds. The first of them is logged as
/// a warning, by what `LoggableError` tells of it.
struct PeriodicWork: Sendable {
    /// The longest pause that failures lead to, unless `interval` is longer.
    private static let longest = Duration.seconds(10)

    /// What has not happened where it fails, for the log: "receipts are not deleted".
    let failure: Logger.Message
    /// The pause after work that has succeeded.
    let interval: Duration
    let logger: Logger

    /// Does it until the task is cancelled or the node shuts down. Shutting down ends a pause, but not work that is under way: run it in
    /// `cancelWhenGracefulShutdown` if it is to be cancelled then.
    func run(_ work: () async throws -> Void) async {
        var failures = 0
        await PeriodicWork.repeating {
            let start = ContinuousClock.now
            do {
                try await work()
                failures = 0
            } catch {
                // Whoever shuts down is told nothing.
                guard !PeriodicWork.isEnding else { return interval }
                // What has gone well for a long time begins to fail only now.
                failures = start.duration(to: .now) > PeriodicWork.longest ? 1 : failures + 1
                logger.log(
                    level: failures == 1 ? .warning : .debug, failure,
                    metadata: ["error": "\(LoggableError(error))", "failures": "\(failures)"])
            }
            return pause(after: failures)
        }
    }

    /// As `run`, for work that does not fail.
    static func run(every interval: Duration, _ work: () async -> Void) async {
        await repeating {
            await work()
            return interval
        }
    }

    /// - Parameter work: returns how long to wait.
    private static func repeating(_ work: () async -> Duration) async {
        while !isEnding {
            let pause = await work()
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: pause) }
        }
    }

    /// How long to wait after that many failures in a row.
    func pause(after failures: Int) -> Duration {
        let doubled = interval * (1 << min(max(failures - 1, 0), 20))
        return max(interval, min(doubled, PeriodicWork.longest))
    }

    private static var isEnding: Bool { Task.isCancelled || Task.isShuttingDownGracefully }
}
