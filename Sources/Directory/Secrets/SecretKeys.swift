import Crypto
import EventSourcing
import FoundationEssentials

/// Turns secrets into what is kept of them, under keys derived from the master key, which all nodes of a log have.
public struct SecretKeys: Sendable {
    private let sealing: SymmetricKey
    private let digesting: SymmetricKey
    private let requests: SymmetricKey

    /// - Parameter master: the master key, 32 random bytes.
    public init(master: [UInt8]) {
        func key(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: master), info: Array("directory \(purpose) 1".utf8),
                outputByteCount: 32)
        }
        sealing = key("secrets")
        digesting = key("secret digests")
        requests = key("requests")
    }

    /// Encrypts a secret (AES-256-GCM). What is sealed for one owner and name does not open for another.
    public func seal(_ secret: [UInt8], for key: Secrets.Key) throws -> Secret {
        let box = try AES.GCM.seal(secret, using: sealing, authenticating: SecretKeys.context(key))
        // A nonce of the usual length always gives a combined form.
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return .sealed(Array(combined))
    }

    /// Decrypts a secret.
    /// - Throws: where it was sealed under another master key, or for another owner or name.
    public func open(_ sealed: [UInt8], of key: Secrets.Key) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: sealed)
        return Array(try AES.GCM.open(box, using: sealing, authenticating: SecretKeys.context(key)))
    }

    /// The keyed digest (HMAC-SHA-256) of a secret under its name, the same for every owner, so that owners can be found by it.
    public func digest(of secret: String, named name: String) -> Secret {
        var text = Array("\(name.utf8.count):".utf8)
        text += name.utf8
        text += secret.utf8
        return .digest(Array(HMAC<SHA256>.authenticationCode(for: text, using: digesting)))
    }

    /// The keyed digest (HMAC-SHA-256) of something that a request says, by which a repeat is recognised. Whoever has the database
    /// alone cannot find out what was said by trying what it may have been.
    func digest(ofRequest bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: requests))
    }

    private static func context(_ key: Secrets.Key) -> [UInt8] { Array("\(key.owner.text)\n\(key.name)".utf8) }
}

extension SecretKeys: CustomStringConvertible, CustomReflectable {
    /// Reveals no key.
    public var description: String { "SecretKeys" }
    /// Reveals no key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
