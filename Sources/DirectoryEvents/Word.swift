/// The words that types, roles of grants and statuses are: `[A-Z0-9_-]{1,64}`.
public enum Word {
    /// What a text must be, as the end of a sentence that begins with it.
    public static let requirement = "must be 1 to 64 of the characters A-Z, 0-9, _ and -"

    /// The word that a text is, in upper case; `nil` if it is none.
    public static func accept(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isWord && (1...64).contains(text.utf8.count) ? text.uppercased() : nil
    }
}
