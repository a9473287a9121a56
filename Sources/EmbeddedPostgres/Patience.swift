import Logging

/// How long something has stayed as it is, and when to say that it still does.
struct Patience {
    let logger: Logger
    private var state = ""
    private var since = ContinuousClock.now
    private var reported = ContinuousClock.now

    init(logger: Logger) { self.logger = logger }

    /// Whether this state has lasted so long; another state begins to count anew.
    mutating func isOver(after limit: Duration, of state: String) -> Bool {
        let now = ContinuousClock.now
        if self.state != state {
            self.state = state
            since = now
        }
        guard now - since > limit else { return false }
        since = now
        return true
    }

    /// Says so every now and then.
    mutating func report(_ text: Logger.Message, after interval: Duration) {
        let now = ContinuousClock.now
        guard now - reported > interval else { return }
        reported = now
        logger.notice(text)
    }
}
