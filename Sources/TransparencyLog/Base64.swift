import FoundationEssentials

/// Standard Base 64 (RFC 4648, section 4), with padding and in its canonical form only.
public enum Base64 {
    /// The text of some bytes.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// The bytes of a text; `nil` if it is not exactly what `encode` gives for them.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let bytes = Data(base64Encoded: String(text)), encode(bytes).utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return Array(bytes)
    }

    /// A hash; `nil` if the text is not one.
    static func hash(_ text: some StringProtocol) -> [UInt8]? {
        decode(text).flatMap { $0.count == MerkleTree.hashLength ? $0 : nil }
    }
}
