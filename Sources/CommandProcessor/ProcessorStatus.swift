/// Whether a node can carry commands out.
public enum ProcessorStatus: Sendable, Equatable {
    /// Commands are carried out.
    case ready
    /// There is no connection yet, or it was lost; it comes back by itself.
    case connecting
    /// Writing has stopped for a reason that an operator must investigate.
    case stopped(String)
}
