import EventSourcing

/// What became of an attempt to deliver something to a webhook.
enum WebhookOutcome: Sendable, Equatable {
    /// - Parameter retryAfter: the answer's header of that name.
    case answered(status: Int, retryAfter: String? = nil)
    case failed(Failure)

    /// Why there was no answer.
    enum Failure: String, Sendable, CaseIterable {
        /// The host has no address.
        case notResolved = "NOT_RESOLVED"
        /// The URL, or an address of its host, may not be reached.
        case refused = "ADDRESS_REFUSED"
        case notConnected = "NOT_CONNECTED"
        /// No encrypted connection could be made with a host that its certificate names.
        case notSecured = "TLS_FAILED"
        case timedOut = "TIMED_OUT"
        /// The connection ended before there was an answer, or what came was none.
        case brokenOff = "BROKEN_OFF"
        case noSecret = "NO_SECRET"
    }

    var isSuccess: Bool {
        status.map { (200..<300).contains($0) } ?? false
    }

    /// Whether the receiver says that it is gone for good.
    var isGone: Bool { status == 410 }

    var status: Int? {
        if case .answered(let status, _) = self { status } else { nil }
    }

    /// When the receiver may be asked again at the earliest, where it is overloaded and says so in `Retry-After`.
    func earliestRetry(now: Instant) -> Instant? {
        guard case .answered(let status, let header?) = self, status == 429 || status == 503 else { return nil }
        return RetryAfter.instant(header, now: now)
    }

    var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
