/// Writes JSON text directly as bytes, without building a tree.
///
/// It adds commas and colons itself. Members are written in the order given: the text is canonical (RFC 8785) if the caller
/// passes the names in sorted order. It does not check that brackets match, that names are unique, or that each value of an
/// object has a name.
public struct JSONWriter: Sendable {
    /// The text written so far. It may be emptied to reuse its capacity.
    public var bytes: [UInt8]

    public init(reservingCapacity capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object, as a value.
    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
    }

    /// Closes the object opened most recently.
    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
    }

    /// Opens an array, as a value.
    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
    }

    /// Closes the array opened most recently.
    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes the name of the member whose value comes next.
    public mutating func name(_ name: StaticString) {
        separate()
        name.withUTF8Buffer { appendQuoted($0) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes the name of the member whose value comes next. Literals use the overload for `StaticString`.
    @_disfavoredOverload
    public mutating func name(_ name: String) {
        separate()
        name.withBytes { appendQuoted($0) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string with as few escapes as possible (RFC 8785, section 3.2.2.2).
    public mutating func string(_ value: String) {
        separate()
        value.withBytes { appendQuoted($0) }
    }

    /// Writes a string given as UTF-8.
    ///
    /// - Precondition: the bytes are valid UTF-8. Only debug builds check this.
    public mutating func string(utf8: some Collection<UInt8>) {
        separate()
        let isWritten: Void? = utf8.withContiguousStorageIfAvailable {
            assert(firstInvalidUTF8(in: $0) == nil, "the bytes of a JSON string are not UTF-8")
            appendQuoted($0)
        }
        if isWritten == nil { Array(utf8).withUnsafeBufferPointer { appendQuoted($0) } }
    }

    /// Writes an integer.
    ///
    /// - Precondition: the magnitude is at most 2^53; readers that use doubles would alter larger numbers.
    public mutating func number(_ value: Int64) {
        precondition(value.magnitude <= largestInteger, "a JSON integer is at most 2^53 in magnitude")
        separate()
        appendInteger(value, to: &bytes)
    }

    /// Writes an integer, with the same precondition.
    public mutating func number(_ value: Int) {
        number(Int64(value))
    }

    /// Writes a number as ECMAScript does (RFC 8785, section 3.2.2.3).
    ///
    /// - Precondition: the number is finite.
    public mutating func number(_ value: Double) {
        separate()
        appendNumber(value, to: &bytes)
    }

    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Inserts finished JSON text as a value. It is not parsed: the caller guarantees that it is a single value.
    ///
    /// - Precondition: the text is not empty and does not end in white space.
    public mutating func raw(_ text: [UInt8]) {
        precondition(text.last.map { $0 > 0x20 } ?? false, "a spliced JSON text is empty or ends in white space")
        separate()
        bytes.append(contentsOf: text)
    }

    /// Writes the comma that a value or a name needs before it. The last byte decides: every value ends in a quotation mark,
    /// a bracket, a digit or a letter. A line feed can only come from the caller, who separates texts of a sequence with it.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}
