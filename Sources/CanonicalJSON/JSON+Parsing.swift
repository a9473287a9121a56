extension JSON {
    /// Reads one JSON text (RFC 8259) that is also I-JSON (RFC 7493), except that the noncharacters of Unicode are
    /// accepted, since RFC 8785 can write them.
    ///
    /// Numbers become doubles. An integer literal (without fraction or exponent) beyond 2^53 in magnitude is accepted
    /// only if a double has exactly that value, or if the literal is what RFC 8785 writes for a double
    /// (`1152921504606847000` is the canonical text of 2^60). Every other literal is rounded to the nearest double, as in
    /// ECMAScript. Overflow is refused, as is a non-zero value that would become zero. A literal of more than 1024 bytes
    /// is refused as out of range.
    ///
    /// - Parameters:
    ///   - bytes: the text in UTF-8, without a byte order mark.
    ///   - limits: the limits the text must stay within.
    /// - Throws: `JSONError`, for the first error found.
    public init(parsing bytes: some Collection<UInt8>, limits: Limits = .default) throws(JSONError) {
        // `withContiguousStorageIfAvailable` does not pass on typed errors, so a Result carries them.
        let parsed = bytes.withContiguousStorageIfAvailable { parse($0, limits: limits) }
        self = try (parsed ?? Array(bytes).withUnsafeBufferPointer { parse($0, limits: limits) }).get()
    }
}

private func parse(_ bytes: UnsafeBufferPointer<UInt8>, limits: Limits) -> Result<JSON, JSONError> {
    var parser = Parser(input: bytes, limits: limits)
    do throws(JSONError) {
        return .success(try parser.document())
    } catch {
        return .failure(error)
    }
}
