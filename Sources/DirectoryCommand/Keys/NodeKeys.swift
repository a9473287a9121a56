import Crypto
import EventSourcing
import FoundationEssentials

/// The secrets of a node. They are never printed, logged or written to the event log.
struct NodeKeys: Sendable {
    /// The key that encrypts the secrets of organization keys.
    let master: [UInt8]
    /// The Ed25519 seed with which checkpoints of the log are signed.
    let logSigning: [UInt8]
    /// The HS256 secret of the service's own tokens.
    let jwtSecret: [UInt8]

    /// What the database stores so that a node with other master or signing keys is detected: an HMAC under a key derived
    /// from the master key. It reveals nothing to anyone who does not have the master key.
    func fingerprint(of log: UUID) throws -> [UInt8] {
        let publicKey = try Curve25519.Signing.PrivateKey(rawRepresentation: logSigning).publicKey.rawRepresentation
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: master), info: Array("directory key fingerprint 1".utf8),
            outputByteCount: 32)
        return Array(HMAC<SHA256>.authenticationCode(for: Array(log.text.utf8) + publicKey, using: key))
    }
}

extension NodeKeys: CustomStringConvertible, CustomReflectable {
    /// Reveals no key.
    var description: String { "NodeKeys" }
    /// Reveals no key.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
