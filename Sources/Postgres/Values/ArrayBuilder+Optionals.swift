import FoundationEssentials

extension ArrayBuilder {
    /// Appends a UUID, or NULL.
    public mutating func append(uuid value: UUID?) {
        if let value { append(uuid: value) } else { appendNull() }
    }

    /// Appends text, or NULL.
    public mutating func append(text value: String?) {
        if let value { append(text: value) } else { appendNull() }
    }

    /// Appends bytes of `json` or `bytea`, or NULL.
    public mutating func append(bytes value: [UInt8]?) {
        if let value { append(bytes: value) } else { appendNull() }
    }

    /// Appends a 64-bit integer, or NULL.
    public mutating func append(int8 value: Int64?) {
        if let value { append(int8: value) } else { appendNull() }
    }

    /// Appends a time in microseconds since 1970, or NULL.
    public mutating func append(microseconds value: Int64?) {
        if let value { append(microseconds: value) } else { appendNull() }
    }
}
