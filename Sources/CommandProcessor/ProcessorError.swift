/// Why a command was neither carried out nor refused by a rule.
public enum ProcessorError: Error, Sendable {
    /// The database is out of reach. Nothing is known to have been written, and the same command may succeed later; the
    /// message says so where it may have been written all the same.
    case unavailable(String)
    /// The node has stopped writing, since the log is not what it was known to be.
    case stopped(String)
    /// The node is shutting down and takes no more commands.
    case shuttingDown
    /// A limit of the database or of the log stands against this command alone.
    case tooLarge(String)
    /// The database refused what this command would write: a defect of ours, which harmed no other command.
    case failed(String)
}
