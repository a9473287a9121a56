/// Why a command was neither carried out nor refused by a rule.
public enum ProcessorError: Error, Sendable {
    /// The database is out of reach. Nothing was written, and the same command may succeed later.
    case unavailable(String)
    /// The connection was lost while the command was being committed, and none could be re-established in time to see what became of it.
    case outcomeUnknown
    /// The node has stopped writing, since the log is not what it was known to be.
    case stopped(String)
    /// The node is shutting down and takes no further commands.
    case shuttingDown
    /// The command exceeds a limit of the database or of the log.
    case tooLarge(String)
    /// The database refused what this command would write: a defect of ours, which harmed no other command.
    case failed(String)
}
