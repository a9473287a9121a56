/// Whether a node can carry commands out.
public enum ProcessorStatus: Sendable, Equatable {
    /// Commands are carried out.
    case ready
    /// There is no connection yet, or none any more; it comes back by itself.
    case connecting
    /// Writing has stopped for a reason that an operator must look at.
    case stopped(String)
}
