import FoundationEssentials

/// Reads the values of a row back by the names of their columns, which must be columns of the table.
public struct ColumnReader<T: StoredTable> {
    private let columns: [Column]
    private let values: [ColumnValue]

    /// The values of `columns.row`.
    public init(row values: [ColumnValue], of _: T.Type) {
        columns = T.columns.row
        self.values = values
    }

    /// The values of `columns.key`.
    public init(key values: [ColumnValue], of _: T.Type) {
        columns = T.columns.key
        self.values = values
    }

    public func uuid(_ name: String) throws(UnreadableRow) -> UUID {
        guard let value = try uuidIfPresent(name) else { throw unreadable(name) }
        return value
    }

    public func uuidIfPresent(_ name: String) throws(UnreadableRow) -> UUID? {
        switch try value(name) {
        case .uuid(let value): value
        case .null: nil
        default: throw unreadable(name)
        }
    }

    public func text(_ name: String) throws(UnreadableRow) -> String {
        guard let value = try textIfPresent(name) else { throw unreadable(name) }
        return value
    }

    public func textIfPresent(_ name: String) throws(UnreadableRow) -> String? {
        switch try value(name) {
        case .text(let value): value
        case .null: nil
        default: throw unreadable(name)
        }
    }

    public func instant(_ name: String) throws(UnreadableRow) -> Instant {
        guard case .instant(let value) = try value(name) else { throw unreadable(name) }
        return value
    }

    public func integer(_ name: String) throws(UnreadableRow) -> Int64 {
        guard case .integer(let value) = try value(name) else { throw unreadable(name) }
        return value
    }

    public func bytes(_ name: String) throws(UnreadableRow) -> [UInt8] {
        guard let value = try bytesIfPresent(name) else { throw unreadable(name) }
        return value
    }

    public func bytesIfPresent(_ name: String) throws(UnreadableRow) -> [UInt8]? {
        switch try value(name) {
        case .bytes(let value): value
        case .null: nil
        default: throw unreadable(name)
        }
    }

    public func json(_ name: String) throws(UnreadableRow) -> [UInt8] {
        guard let value = try jsonIfPresent(name) else { throw unreadable(name) }
        return value
    }

    public func jsonIfPresent(_ name: String) throws(UnreadableRow) -> [UInt8]? {
        switch try value(name) {
        case .json(let value): value
        case .null: nil
        default: throw unreadable(name)
        }
    }

    private func value(_ name: String) throws(UnreadableRow) -> ColumnValue {
        guard let index = columns.firstIndex(where: { $0.name == name }), values.indices.contains(index) else {
            throw unreadable(name)
        }
        return values[index]
    }

    public func unreadable(_ name: String) -> UnreadableRow {
        UnreadableRow(T.name, "\(name) is not what it should be")
    }
}

extension Projection where Key == UUID {
    public static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID {
        try ColumnReader(key: values, of: Self.self).uuid(columns.key[0].name)
    }
}
