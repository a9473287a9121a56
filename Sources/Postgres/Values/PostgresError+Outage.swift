extension PostgresError {
    /// Whether the database was out of reach, so that the same statement may succeed later: the connection was lost or
    /// could not be had, the server is shutting down or starting up, it is out of connections, disk or memory, the
    /// system under it fails, or it is a standby (SQLSTATE classes 08, 53, 57 and 58, and 25006).
    ///
    /// A statement that was cancelled (57014) met a server that works: sent again, it might take as long again.
    public var isOutage: Bool {
        switch self {
        case .connectionLost, .unavailable, .deadlineExceeded, .closed: true
        case .unexpectedResult, .cancelled: false
        case .server(let error):
            error.sqlState == "25006"
                || (["08", "53", "57", "58"].contains(error.sqlState.prefix(2)) && error.sqlState != "57014")
        }
    }
}
