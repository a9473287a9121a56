extension JSON {
    /// The canonical text in UTF-8 (RFC 8785): no white space, members sorted by UTF-16 code units, as few escapes as
    /// possible, and numbers as ECMAScript writes them.
    ///
    /// - Precondition: numbers are finite and names are unique within each object, as in every parsed value.
    public func canonicalBytes() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The canonical text as a string, under the same conditions.
    public func canonicalText() -> String {
        String(decoding: canonicalBytes(), as: UTF8.self)
    }
}

extension JSONWriter {
    /// Writes a tree in canonical form.
    ///
    /// - Precondition: numbers are finite and names are unique within each object, as in every parsed value.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            let sorted = sortedByName(members)
            // Ambiguous text must never be hashed or signed, so none is produced.
            precondition(
                zip(sorted, sorted.dropFirst()).allSatisfy { !$0.name.isIdentical(to: $1.name) },
                "a JSON object has two members of the same name")
            for member in sorted {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }
}
