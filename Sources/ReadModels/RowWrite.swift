import EventSourcing
import Postgres

/// A write of rows: of many with an array for each column, of a single one with plain values, since a lone command need not
/// pay for arrays.
struct RowWrite: Sendable {
    private let columns: [Column]
    private let many: Statement
    private let one: Statement

    /// - Parameters:
    ///   - columns: those of the rows.
    ///   - many: the text that writes the rows of a table `u`, which it takes from the parameters.
    ///   - one: the text that writes the row of the parameters.
    init(_ columns: [Column], many: (ColumnParameters) -> String, one: (ColumnParameters) -> String) {
        self.columns = columns
        let parameters = ColumnParameters(columns)
        self.many = Statement(many(parameters))
        self.one = Statement(one(parameters))
    }

    /// The statement that writes these rows, if there are any.
    func step(_ rows: [[ColumnValue]]) -> (Statement, [Parameter])? {
        switch rows.count {
        case 0: nil
        case 1: (one, zip(rows[0], columns).map { Parameter($0, $1.type) })
        default: (many, arrays(of: rows, columns))
        }
    }
}
