extension JSONWriter {
    public mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    /// Writes a member whose value is an integer of at most 2^53 in magnitude.
    public mutating func member(_ name: StaticString, _ value: Int64) {
        self.name(name)
        number(value)
    }

    /// Writes a member whose value is an integer of at most 2^53 in magnitude.
    public mutating func member(_ name: StaticString, _ value: Int) {
        self.name(name)
        number(value)
    }

    public mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Writes a member whose value is a tree, in canonical form.
    @_disfavoredOverload
    public mutating func member(_ name: StaticString, _ value: JSON) {
        self.name(name)
        self.value(value)
    }

    /// Writes a member whose value is finished JSON text, which is not parsed.
    public mutating func member(_ name: StaticString, raw text: [UInt8]) {
        self.name(name)
        raw(text)
    }

    /// Writes an object with its members in the order given, not in canonical order.
    public mutating func objectInOrder(_ members: [JSON.Member]) {
        beginObject()
        for member in members {
            name(member.name)
            value(member.value)
        }
        endObject()
    }
}
