/// One thread that does the I/O of any number of connections.
///
/// Pools and sessions that are given the same one share its thread; it ends when the last of them is gone.
public final class EventLoop: Sendable {
    let thread: LoopThread

    /// Starts the thread; traps if the system has no thread or descriptor left.
    public init() {
        thread = LoopThread()
        thread.start()
    }

    deinit { thread.stop() }
}
