import CanonicalJSON
import NIOHTTP1

/// What the head of a request says about its message and its connection (RFC 9112), beyond what the decoder looks at.
struct RequestFraming {
    /// Why the request cannot be understood; `nil` if it can.
    private(set) var fault: String?
    /// Whether the connection ends with its response.
    private(set) var endsConnection: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var expectsContinue = false

    private var hosts = 0
    private var hasLength = false
    /// `nil` without Transfer-Encoding.
    private var codings: [Substring]?
    private var hasUpgrade = false

    init(_ head: HTTPRequestHead) {
        let isOld = head.version.minor == 0
        // The decoder reads nothing after a CONNECT or an upgrade.
        endsConnection = isOld || head.method == .CONNECT
        for (name, value) in head.headers { read(name, value) }
        if hasUpgrade && !isOld { endsConnection = true }
        if isOld { expectsContinue = false }
        fault = fault ?? faultOfTarget(head.uri) ?? faultOfHosts(isOld) ?? faultOfBody(isOld)
    }

    private mutating func read(_ name: String, _ value: String) {
        // Most fields are told apart by their length alone.
        switch name.utf8.count {
        case 4 where RequestFraming.names(name, "host"):
            hosts += 1
            if !value.withBytes({ $0.allSatisfy(RequestFraming.isOfHost) }) {
                fault = "The value of Host is not a host."
            }
        case 6 where RequestFraming.names(name, "expect"):
            if RequestFraming.tokens(value).contains("100-continue") { expectsContinue = true }
        case 7 where RequestFraming.names(name, "upgrade"): hasUpgrade = true
        case 10 where RequestFraming.names(name, "connection"):
            if RequestFraming.tokens(value).contains("close") { endsConnection = true }
        case 14 where RequestFraming.names(name, "content-length"): hasLength = true
        case 17 where RequestFraming.names(name, "transfer-encoding"):
            codings = (codings ?? []) + RequestFraming.tokens(value)
        default: break
        }
    }

    /// Whether a name, which is a token, is a field's, which is given in lower case: the cases of a letter differ in one bit.
    private static func names(_ name: String, _ field: String) -> Bool {
        name.withBytes { name in
            field.withBytes { field in name.count == field.count && zip(name, field).allSatisfy { $0 | 0x20 == $1 } }
        }
    }

    private func faultOfTarget(_ target: String) -> String? {
        let isValid = target.withBytes { bytes in
            bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        }
        return isValid ? nil : "The target must be percent-encoded: it has bytes that no URI has, or a fragment."
    }

    private func faultOfHosts(_ isOld: Bool) -> String? {
        if hosts > 1 { return "There is more than one Host." }
        return hosts == 1 || isOld ? nil : "There is no Host."
    }

    private func faultOfBody(_ isOld: Bool) -> String? {
        guard let codings else { return nil }
        if isOld { return "HTTP/1.0 has no Transfer-Encoding." }
        if hasLength { return "There are both Content-Length and Transfer-Encoding." }
        return codings == ["chunked"] ? nil : "The only Transfer-Encoding is chunked."
    }

    /// The elements of a list (RFC 9110, section 5.6.1), in lower case.
    private static func tokens(_ value: String) -> [Substring] {
        value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
    }

    /// Whether a byte may be part of `uri-host [":" port]`.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "\\"),
            UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
