import CLibPQ

/// A COPY where none, or one the other way, was expected.
///
/// libpq gives the result that begins it again and again until all of its data has been moved: so what it wants to be
/// sent is refused, and what it sends is read and dropped.
struct StrayCopy {
    private var isReading = false

    /// Takes note of a result that was not expected, whether it begins a COPY or not.
    mutating func begin(_ status: ExecStatusType, on connection: OpaquePointer) {
        switch status {
        case PGRES_COPY_IN, PGRES_COPY_BOTH: _ = PQputCopyEnd(connection, "this COPY was not expected")
        case PGRES_COPY_OUT: isReading = true
        default: break
        }
    }

    /// Drops what has come; false while more is to come before the next result.
    mutating func isOver(on connection: OpaquePointer) -> Bool {
        while isReading {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            if length == 0 { return false }
            PQfreemem(row)
            isReading = length > 0  // else the end or an error: the result behind it tells
        }
        return true
    }
}
