/// What a `NOTIFY` in any session brought to this one, which listens.
public struct Notification: Hashable, Sendable {
    /// The channel that was notified.
    public let channel: String
    /// The text that came with it; empty if none.
    public let payload: String
    /// The process identifier of the backend that notified.
    public let pid: Int32
}
