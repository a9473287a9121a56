import Crypto

/// A key that verifies signed notes (c2sp.org/signed-note), of the type Ed25519.
public struct NoteVerifier: Sendable, Hashable {
    /// The byte that says that a key is of the type Ed25519.
    static let ed25519: UInt8 = 1

    public let name: String
    /// Ed25519, 32 bytes.
    public let publicKey: [UInt8]

    /// - Returns: `nil` if the name may not be one, or the key has another length.
    public init?(name: String, publicKey: [UInt8]) {
        guard NoteVerifier.isName(name), publicKey.count == 32 else { return nil }
        self.name = name
        self.publicKey = publicKey
    }

    /// Parses a verifier key, `<name>+<id>+<key>`; `nil` if it is not one, of another type, or its id is not its own.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).unicodeScalars.split(
            separator: "+", maxSplits: 2, omittingEmptySubsequences: false
        ).map { String($0) }
        guard parts.count == 3, let key = Base64.decode(parts[2]), key.first == NoteVerifier.ed25519 else { return nil }
        self.init(name: parts[0], publicKey: Array(key.dropFirst()))
        guard hexadecimalID.utf8.elementsEqual(parts[1].utf8) else { return nil }
    }

    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), in big-endian order.
    public var id: UInt32 {
        let hash = SHA256.hash(data: Array(name.utf8) + [0x0A, NoteVerifier.ed25519] + publicKey)
        return hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The verifier key as text.
    public var text: String { "\(name)+\(hexadecimalID)+\(Base64.encode([NoteVerifier.ed25519] + publicKey))" }

    private var hexadecimalID: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a signature of a text is this key's.
    func verifies(_ signature: [UInt8], of text: String) -> Bool {
        let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        return key?.isValidSignature(signature, for: Array(text.utf8)) ?? false
    }

    /// Whether a text may name a key: it is not empty and has neither white space nor plus nor control characters.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace }
    }
}

/// A key that signs notes.
public struct NoteSigner: Sendable {
    public let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// - Parameter seed: the Ed25519 private key, 32 bytes.
    /// - Returns: `nil` if the name may not be one, or the seed has another length.
    public init?(name: String, seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verifier = NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        else { return nil }
        self.key = key
        self.verifier = verifier
    }

    /// Signs a text.
    func signature(of text: String) throws -> NoteSignature {
        NoteSignature(name: verifier.name, id: verifier.id, bytes: Array(try key.signature(for: Array(text.utf8))))
    }
}

extension NoteSigner: CustomStringConvertible, CustomReflectable {
    /// Reveals no key.
    public var description: String { "NoteSigner(\(verifier.text))" }
    /// Reveals no key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
