extension PostgresError {
    /// Whether the database was out of reach, so that the same statement may succeed later: the connection was lost or could
    /// not be had, the server is shutting down or starting up, or it is out of connections, disk or memory (SQLSTATE classes
    /// 08, 53, 57, and 25006: it is a standby).
    public var isOutage: Bool {
        switch self {
        case .connectionLost, .unavailable, .deadlineExceeded, .closed: true
        case .aborted, .unexpectedResult: false
        case .server(let error):
            ["08", "53", "57", "58"].contains(error.sqlState.prefix(2)) || error.sqlState == "25006"
        }
    }
}
