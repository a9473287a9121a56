/// Why a text was refused, and where.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The text breaks the grammar of RFC 8259.
        case syntax
        /// Arrays and objects are nested more deeply than ``Limits/maximumDepth``.
        case depth
        /// A name occurs twice in one object, compared by bytes once escapes are decoded (RFC 7493, section 2.3).
        case duplicateKey
        /// A string contains U+0000, escaped or not; PostgreSQL cannot store it.
        case nulCharacter
        /// An escape is half of a surrogate pair (RFC 7493, section 2.1).
        case loneSurrogate
        /// A string is not valid UTF-8: it has an overlong form, an encoded surrogate, a code point beyond U+10FFFF or a
        /// truncated sequence.
        case invalidUTF8
        /// A number is too large for a double, or so small that it would become zero.
        case numberOutOfRange
        /// An integer beyond 2^53 cannot be represented exactly by a double (RFC 7493, section 2.2).
        case numberNotExact
        /// An array has more elements than ``Limits/maximumArrayCount``.
        case arrayTooLong
        /// A string or a name has more bytes than ``Limits/maximumStringBytes``.
        case stringTooLong
        /// An object has more members than ``Limits/maximumMembers``.
        case tooManyMembers
        /// Something other than white space follows the value.
        case trailingData
        /// There is no value: the text is empty or only white space.
        case empty
    }

    public let kind: Kind
    /// The byte offset of the error in the text, counted from 0.
    public let offset: Int
    /// A JSON pointer (RFC 6901) to the offending value. It contains names from the text: treat it as untrusted input.
    public internal(set) var pointer: String

    init(_ kind: Kind, at offset: Int, pointer: String = "") {
        self.kind = kind
        self.offset = offset
        self.pointer = pointer
    }

    /// What is wrong and at which byte, without quoting the text.
    public var description: String {
        "\(reason) (byte \(offset))"
    }

    private var reason: String {
        switch kind {
        case .syntax: "the text is not JSON"
        case .depth: "arrays and objects are nested too deeply"
        case .duplicateKey: "an object has two members of the same name"
        case .nulCharacter: "a string contains the character U+0000"
        case .loneSurrogate: "a string contains half of a surrogate pair"
        case .invalidUTF8: "a string is not valid UTF-8"
        case .numberOutOfRange: "a number is out of range for a double"
        case .numberNotExact: "an integer beyond 2^53 cannot be represented exactly"
        case .arrayTooLong: "an array has too many elements"
        case .stringTooLong: "a string is too long"
        case .tooManyMembers: "an object has too many members"
        case .trailingData: "something follows the JSON value"
        case .empty: "there is no JSON value"
        }
    }
}

extension JSONError {
    /// The same error as seen from the enclosing array or object, in which `token` leads to it (RFC 6901, section 3).
    func below(_ token: String) -> JSONError {
        JSONError(kind, at: offset, pointer: JSONPointer.token(token) + pointer)
    }
}
