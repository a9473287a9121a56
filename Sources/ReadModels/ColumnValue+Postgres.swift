import EventSourcing
import Postgres

extension ColumnValue {
    /// Reads a column of a row.
    init(_ row: Row, _ column: Int, _ type: ColumnType) throws(PostgresError) {
        guard !row.isNull(column) else {
            self = .null
            return
        }
        switch type {
        case .uuid: self = .uuid(try row.uuid(column))
        case .text: self = .text(try row.text(column))
        case .json: self = .json(try row.bytes(column))
        case .integer: self = .integer(try row.int(column))
        case .bool: self = .bool(try row.bool(column))
        case .bytes: self = .bytes(try row.bytes(column))
        }
    }
}

extension Parameter {
    /// A single value.
    init(_ value: ColumnValue) {
        switch value {
        case .null: self = .text(nil)
        case .uuid(let value): self = .uuid(value)
        case .text(let value): self = .text(value)
        case .json(let value): self = .json(value)
        case .integer(let value): self = .int8(value)
        case .bool(let value): self = .bool(value)
        case .bytes(let value): self = .bytea(value)
        }
    }
}

/// An array parameter for each column, from values row by row.
func arrays(of rows: [[ColumnValue]], _ columns: [Column]) -> [Parameter] {
    var arrays = columns.map { ArrayBuilder(of: $0.type.element, capacity: rows.count) }
    for row in rows {
        for (index, value) in row.enumerated() { arrays[index].append(value) }
    }
    return arrays.map { .array($0) }
}

/// Rows on their way into a table: a single one as plain values, more as an array for each column.
struct WrittenRows {
    private let columns: [Column]
    private let count: Int
    private var values: [Parameter] = []
    private var arrays: [ArrayBuilder] = []
    private var next = 0

    init(_ columns: [Column], count: Int) {
        self.columns = columns
        self.count = count
        if count > 1 { arrays = columns.map { ArrayBuilder(of: $0.type.element, capacity: count) } }
    }

    /// Takes the next values of a row.
    mutating func append(_ row: [ColumnValue]) {
        for value in row {
            if arrays.isEmpty {
                values.append(Parameter(value, columns[next].type))
            } else {
                arrays[next].append(value)
            }
            next = next + 1 == columns.count ? 0 : next + 1
        }
    }

    /// The statement that writes these rows, if there are any.
    func write(_ write: RowWrite) -> (Statement, [Parameter])? {
        switch count {
        case 0: nil
        case 1: (write.one, values)
        default: (write.many, arrays.map { .array($0) })
        }
    }
}

extension Parameter {
    /// A single value of a column, which may have none.
    init(_ value: ColumnValue, _ type: ColumnType) {
        guard case .null = value else {
            self.init(value)
            return
        }
        switch type {
        case .uuid: self = .uuid(nil)
        case .text: self = .text(nil)
        case .json: self = .json(nil)
        case .integer: self = .int8(nil)
        case .bool: self = .bool(nil)
        case .bytes: self = .bytea(nil)
        }
    }
}

extension ArrayBuilder {
    fileprivate mutating func append(_ value: ColumnValue) {
        switch value {
        case .null: appendNull()
        case .uuid(let value): append(uuid: value)
        case .text(let value): append(text: value)
        case .json(let value), .bytes(let value): append(bytes: value)
        case .integer(let value): append(int8: value)
        case .bool(let value): append(bool: value)
        }
    }
}
