import Crypto
import EventSourcing
import FoundationEssentials

/// The secrets of a node. They are never printed, logged or written to the event log.
struct NodeKeys: Sendable {
    /// The key that encrypts the secrets of organization keys.
    let master: [UInt8]
    /// The Ed25519 seeds with which checkpoints of the log are signed, by the numbers of the keys; the newest may be missing.
    var logSigning: [Int: [UInt8]]
    /// The HS256 secret of the service's own tokens.
    let jwtSecret: [UInt8]

    /// What the database stores of each signing key so that a node with another one, or with another master key, is detected:
    /// an HMAC under a key derived from the master key. Nobody who does not have the master key can make it.
    static func fingerprint(of publicKey: [UInt8], _ log: UUID, master: [UInt8]) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: master), info: Array("directory key fingerprint 1".utf8),
            outputByteCount: 32)
        return Array(HMAC<SHA256>.authenticationCode(for: Array(log.text.utf8) + publicKey, using: key))
    }

    /// The public key of an Ed25519 seed.
    static func publicKey(of seed: [UInt8]) throws -> [UInt8] {
        Array(try Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation)
    }
}

extension NodeKeys: CustomStringConvertible, CustomReflectable {
    /// Reveals no key.
    var description: String { "NodeKeys" }
    /// Reveals no key.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
