/// Opens a connection and is told what becomes of it. Called on the loop's thread only.
protocol ConnectionOwner: AnyObject {
    /// It is connected and prepared.
    func opened(_ connection: Connection, now: Nanoseconds)
    /// It has ended, or could not be opened. The units have not been answered.
    func closed(_ connection: Connection, error: PostgresError, units: [any PipelineUnit], now: Nanoseconds)
    /// No unit and no script is under way on it any longer.
    func becameIdle(_ connection: Connection, now: Nanoseconds)
    func received(_ notification: Notification)
}

/// A series of statements with a Sync after them, and what becomes of them. Called on the loop's thread only.
protocol PipelineUnit: AnyObject {
    var stepCount: Int { get }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter])
    func received(_ rows: Rows, step: Int)
    func failed(_ error: PostgresError)
    /// The Sync has arrived: all results are there.
    func finished(on connection: Connection, now: Nanoseconds)
}
