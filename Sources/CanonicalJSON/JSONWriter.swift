/// Writes JSON text straight into bytes, without a tree in between.
///
/// Commas and colons are put where they belong. The writer writes members in the order it is given: the text is
/// canonical (RFC 8785) when the caller gives the names sorted. It does not check that brackets match, that names
/// differ, or that a name precedes each value of an object.
public struct JSONWriter: Sendable {
    /// The text written so far. It may be emptied to use the capacity again.
    public var bytes: [UInt8]

    /// A writer of an empty text.
    public init(reservingCapacity capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object, as a value.
    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
    }

    /// Closes the object opened last.
    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
    }

    /// Opens an array, as a value.
    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
    }

    /// Closes the array opened last.
    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes the name of the member whose value comes next.
    public mutating func name(_ name: StaticString) {
        separate()
        name.withUTF8Buffer { appendQuoted($0) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes the name of the member whose value comes next. A literal takes the overload for `StaticString`.
    @_disfavoredOverload
    public mutating func name(_ name: String) {
        separate()
        withUTF8(of: name) { appendQuoted($0) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string with the fewest escapes (RFC 8785, section 3.2.2.2).
    public mutating func string(_ value: String) {
        separate()
        withUTF8(of: value) { appendQuoted($0) }
    }

    /// Writes a string given as UTF-8.
    ///
    /// - Precondition: the bytes are valid UTF-8. Only a debug build checks.
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
    /// - Precondition: the magnitude is at most 2^53; a reader that holds numbers in doubles would change another.
    public mutating func number(_ value: Int64) {
        precondition(value.magnitude <= largestInteger, "a JSON integer is at most 2^53 in magnitude")
        separate()
        appendInteger(value, to: &bytes)
    }

    /// Writes an integer, under the same condition.
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

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Splices a finished JSON text in as a value. It is not read: the caller vouches that it is one value.
    ///
    /// - Precondition: the text is not empty and ends without white space.
    public mutating func raw(_ text: [UInt8]) {
        precondition(text.last.map { $0 > 0x20 } ?? false, "a spliced JSON text is empty or ends in white space")
        separate()
        bytes.append(contentsOf: text)
    }

    /// Writes the comma that a value or a name needs before it. What is written last tells: every value ends in a
    /// quotation mark, a bracket, a digit or a letter. A line feed can only be the caller's, between the texts of a sequence.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}
