import Crypto

/// A text of which the leaf holds only a salted hash, so that it can be erased and every proof still holds: HMAC-SHA-256 under
/// a random salt of its own (RFC 2104). Without the salt nobody can guess the text from the hash.
public struct Commitment: Sendable, Equatable {
    /// Canonical JSON; `nil` once erased.
    public let text: [UInt8]?
    /// 32 random bytes; `nil` once erased.
    public let salt: [UInt8]?
    /// What the leaf holds.
    public let hash: [UInt8]

    /// Commits to a text.
    public init(to text: [UInt8], salt: [UInt8]) {
        self.text = text
        self.salt = salt
        hash = Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: salt)))
    }

    /// A stored commitment, which may have been erased.
    public init(text: [UInt8]?, salt: [UInt8]?, hash: [UInt8]) {
        self.text = text
        self.salt = salt
        self.hash = hash
    }

    /// Whether text and salt are there and give the hash.
    public var isIntact: Bool {
        guard let text, let salt else { return false }
        return Commitment(to: text, salt: salt).hash == hash
    }
}
