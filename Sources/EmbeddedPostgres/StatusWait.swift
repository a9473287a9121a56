import Logging

/// How long a server has had the same status, and when to report that it still does.
struct StatusWait {
    let logger: Logger
    private var status = ""
    private var since = ContinuousClock.now
    private var reported = ContinuousClock.now

    init(logger: Logger) { self.logger = logger }

    /// Whether this status has lasted for longer than the limit; then, or when it changes, the time starts again.
    mutating func isOver(after limit: Duration, in status: String) -> Bool {
        let now = ContinuousClock.now
        if self.status != status {
            self.status = status
            since = now
        }
        guard now - since > limit else { return false }
        since = now
        return true
    }

    /// Logs the text once per interval.
    mutating func report(_ text: Logger.Message, after interval: Duration) {
        let now = ContinuousClock.now
        guard now - reported > interval else { return }
        reported = now
        logger.notice(text)
    }
}
