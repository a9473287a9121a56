import EventSourcing

/// The parameters of a statement that takes rows: one for each column, in the order of the columns, which refer to it.
struct ColumnParameters: Sendable {
    private let columns: [Column]

    /// - Parameter columns: those of the rows that the statement takes, all different.
    init(_ columns: [Column]) { self.columns = columns }

    /// What refers to the parameter of a column.
    subscript(column: Column) -> String {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("a statement takes no parameter for the column \(column.name)")
        }
        return "$\(index + 1)"
    }

    /// All of them, in order.
    var list: String { columns.map { self[$0] }.joined(separator: ", ") }

    /// The rows as a table `u`, where each parameter is an array of the values of all rows.
    var table: String {
        let arrays = columns.map { "\(self[$0])::\($0.type.sql)[]" }.joined(separator: ", ")
        return "unnest(\(arrays)) as u(\(columnList(columns)))"
    }
}
