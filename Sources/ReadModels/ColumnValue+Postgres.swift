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
        case .instant: self = .instant(Instant(microseconds: try row.microseconds(column)))
        }
    }
}

extension Row {
    /// Reads consecutive columns.
    func values(_ columns: [Column], from start: Int) throws(PostgresError) -> [ColumnValue] {
        var values: [ColumnValue] = []
        values.reserveCapacity(columns.count)
        for (offset, column) in columns.enumerated() {
            values.append(try ColumnValue(self, start + offset, column.type))
        }
        return values
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

extension Parameter {
    /// A single value of a column, which may have none.
    init(_ value: ColumnValue, _ type: ColumnType) {
        switch value {
        case .null: self = Parameter.null(type)
        case .uuid(let value): self = .uuid(value)
        case .text(let value): self = .text(value)
        case .json(let value): self = .json(value)
        case .integer(let value): self = .int8(value)
        case .bool(let value): self = .bool(value)
        case .bytes(let value): self = .bytea(value)
        case .instant(let value): self = .timestamptz(microseconds: value.microseconds)
        }
    }

    /// A parameter of a walk that is made from these starts.
    init(_ parameter: Walk.Parameter, from starts: [ColumnValue]) {
        switch parameter {
        case .starts(let type):
            var array = ArrayBuilder(of: type.element, capacity: starts.count)
            for start in starts { array.append(start) }
            self = .array(array)
        case .value(let value, let type): self.init(value, type)
        }
    }

    private static func null(_ type: ColumnType) -> Parameter {
        switch type {
        case .uuid: .uuid(nil)
        case .text: .text(nil)
        case .json: .json(nil)
        case .integer: .int8(nil)
        case .bool: .bool(nil)
        case .bytes: .bytea(nil)
        case .instant: .timestamptz(microseconds: nil)
        }
    }
}

extension ArrayBuilder {
    /// Appends a value of the array's type, or NULL.
    mutating func append(_ value: ColumnValue) {
        switch value {
        case .null: appendNull()
        case .uuid(let value): append(uuid: value)
        case .text(let value): append(text: value)
        case .json(let value), .bytes(let value): append(bytes: value)
        case .integer(let value): append(int8: value)
        case .bool(let value): append(bool: value)
        case .instant(let value): append(microseconds: value.microseconds)
        }
    }
}
