import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// The id of a request: the one sent by the caller if it is well-formed, otherwise a new one.
struct RequestID: Sendable {
    /// The id as it is returned, logged and recorded.
    let text: String
    /// The id in problems: the text if it is a UUID, otherwise a new UUID for the same request.
    let uuid: UUID

    init(header: String?, at now: Instant) {
        if let header, RequestID.isValid(header) {
            text = header
            uuid = UUID(text: header) ?? .version7(at: now)
        } else {
            uuid = .version7(at: now)
            text = uuid.text
        }
    }

    /// Whether a text matches `[A-Za-z0-9._-]{1,128}`.
    static func isValid(_ text: String) -> Bool {
        text.withBytes { bytes in
            (1...128).contains(bytes.count)
                && bytes.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                    default: false
                    }
                }
        }
    }
}
