import CLibPQ

/// The rows that one statement returned, all columns in binary form. Reading them copies nothing but what is asked for.
///
/// The `PGresult` is never changed after it was received, and libpq allows any number of threads to read one: hence
/// unchecked.
public final class Rows: @unchecked Sendable, RandomAccessCollection {
    let result: OpaquePointer
    /// Where one statement answered many callers: the row of the caller that this object is for. Its last column is
    /// hidden, as it holds that caller's number among them.
    private let point: Row?

    /// Takes over the result and frees it in the end.
    init(_ result: OpaquePointer) {
        self.result = result
        point = nil
    }

    /// One row alone, without its last column.
    init(point: Row) {
        result = point.rows.result
        self.point = point
    }

    deinit { if point == nil { PQclear(result) } }

    /// The position of the first row.
    public var startIndex: Int { 0 }

    /// How many rows there are.
    public var endIndex: Int { point == nil ? Int(PQntuples(result)) : 1 }

    /// The row at an index from 0; traps beyond the last.
    public subscript(index: Int) -> Row {
        precondition(index >= 0 && index < endIndex, "row \(index) of \(endIndex)")
        return point ?? Row(rows: self, index: Int32(index))
    }

    /// How many columns each row has.
    public var columns: Int { Int(PQnfields(result)) - (point == nil ? 0 : 1) }

    /// The types of the columns, by their names in `pg_type`; `oid 123` for types that no reader knows.
    public var columnTypes: [String] {
        (0..<columns).map { column in
            let oid = PQftype(result, Int32(column))
            let element = ElementType.allCases.first { $0.oid == oid || $0.arrayOID == oid }
            return element.map { $0.oid == oid ? $0.name : "_\($0.name)" } ?? "oid \(oid)"
        }
    }
}
