import Crypto
import EventSourcing
import FoundationEssentials

/// The secrets of a node. None of them is ever printed, logged or written into the log.
struct NodeKeys: Sendable {
    /// Under which the secrets of organization keys are encrypted.
    let master: [UInt8]
    /// The Ed25519 seed with which checkpoints of the log are signed.
    let logSigning: [UInt8]
    /// The HS256 secret of the service's own tokens.
    let jwtSecret: [UInt8]

    /// What the database keeps of master and signing key, so that a node with other keys is noticed: an HMAC under a key that
    /// is derived from the master key. Nobody learns anything from it without that.
    func fingerprint(of log: UUID) throws -> [UInt8] {
        let publicKey = try Curve25519.Signing.PrivateKey(rawRepresentation: logSigning).publicKey.rawRepresentation
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: master), info: Array("directory key fingerprint 1".utf8),
            outputByteCount: 32)
        return Array(HMAC<SHA256>.authenticationCode(for: Array(log.text.utf8) + publicKey, using: key))
    }
}

extension NodeKeys: CustomStringConvertible, CustomReflectable {
    /// Nothing of them.
    var description: String { "NodeKeys" }
    /// Nothing of them.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
