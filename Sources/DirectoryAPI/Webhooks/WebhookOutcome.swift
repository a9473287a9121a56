/// What became of an attempt to deliver something to a webhook.
enum WebhookOutcome: Sendable, Equatable {
    case answered(status: Int)
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
        if case .answered(200..<300) = self { true } else { false }
    }

    /// Whether the receiver says that it is gone for good.
    var isGone: Bool { self == .answered(status: 410) }

    var status: Int? {
        if case .answered(let status) = self { status } else { nil }
    }

    var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
