import Directory
import DirectoryEvents

/// The query of a request's target.
struct QueryString {
    private let text: Substring

    init(_ text: Substring) { self.text = text }

    /// A name and its value, decoded.
    struct Part {
        let name: String
        let value: String
        /// The value as it was sent.
        let encoded: Substring
    }

    /// The names and values, in order.
    /// - Throws: `Problem` where the percent-encoding of one is malformed.
    var parts: [Part] {
        get throws {
            // By bytes: an & and a combining mark after it are one character, which is not an &.
            try text.utf8.split(separator: UInt8(ascii: "&")).map { part in
                let pieces = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                let encoded = pieces.count > 1 ? Substring(pieces[1]) : ""
                guard let name = PercentDecoding.decode(Substring(pieces[0]), plusIsSpace: true),
                    let value = PercentDecoding.decode(encoded, plusIsSpace: true)
                else { throw Problem.invalid("The query's percent-encoding is malformed.") }
                return Part(name: name, value: value, encoded: encoded)
            }
        }
    }

    /// The values of the declared parameters, normalised by their formats. An empty value counts as missing.
    /// - Throws: `Problem` that lists every invalid parameter.
    func values(_ declared: [QueryParameter]) throws -> [String: String] {
        guard !text.isEmpty else { return [:] }
        var values: [String: String] = [:]
        var errors: [Refusal.Field] = []
        for part in try parts {
            let pointer = "?\(part.name)"
            guard let parameter = declared.first(where: { $0.name.isIdentical(to: part.name) }) else {
                errors.append(Refusal.Field(pointer, "is unknown"))
                continue
            }
            guard !part.value.isEmpty else { continue }
            guard let accepted = parameter.format.accept(part.value) else {
                errors.append(
                    Refusal.Field(pointer, parameter.format.requirement + QueryString.hint(part.encoded)))
                continue
            }
            if values.updateValue(accepted, forKey: parameter.name) != nil {
                errors.append(Refusal.Field(pointer, "is given more than once"))
            }
        }
        guard errors.isEmpty else { throw Problem.invalid("The query is not valid.", errors) }
        return values
    }

    /// What to say besides of a value that is refused: an address or a time with a + in it is a common mistake.
    private static func hint(_ encoded: Substring) -> String {
        encoded.utf8.contains(UInt8(ascii: "+")) ? "; in a query + means a space, so a plus is written %2B" : ""
    }
}
