/// Whoever opened a connection and is told what becomes of it. Called on the loop's thread only.
protocol ConnectionOwner: AnyObject {
    /// It is connected and prepared.
    func opened(_ connection: Connection, now: Nanoseconds)
    /// It has ended, or could not be opened. The units have not been answered.
    func closed(_ connection: Connection, error: PostgresError, units: [any PipelineUnit], now: Nanoseconds)
    /// It has no unit or exclusive operation under way any more.
    func becameIdle(_ connection: Connection, now: Nanoseconds)
    func received(_ notification: Notification)
}
