import Crypto
import EventSourcing
import FoundationEssentials

/// Signatures as Standard Webhooks 1.0 has them: an HMAC-SHA-256 over id, time and body.
enum WebhookSignature {
    /// A secret as receivers are given it.
    static func written(_ secret: [UInt8]) -> String { "whsec_" + Data(secret).base64EncodedString() }

    /// The headers that sign a message.
    enum Header: String, CaseIterable {
        case id = "webhook-id"
        case timestamp = "webhook-timestamp"
        case signature = "webhook-signature"
    }

    /// The headers that sign a message, with their values.
    /// - Parameters:
    ///   - id: what tells messages apart; the same in each attempt.
    ///   - time: when this attempt is made.
    static func headers(
        id: UUID, at time: Instant, body: [UInt8], secret: [UInt8]
    ) -> [(name: String, value: String)] {
        let seconds = time.microseconds / 1_000_000
        return Header.allCases.map { header in
            let value =
                switch header {
                case .id: id.text
                case .timestamp: String(seconds)
                case .signature: signature(of: body, id: id.text, seconds: seconds, secret: secret)
                }
            return (header.rawValue, value)
        }
    }

    /// The signature of a message.
    /// - Parameter seconds: when the attempt is made, since 1970.
    static func signature(of body: [UInt8], id: String, seconds: Int64, secret: [UInt8]) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret))
        return "v1,\(Data(code).base64EncodedString())"
    }
}
