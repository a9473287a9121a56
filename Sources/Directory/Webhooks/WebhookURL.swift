/// The URL of a webhook: `https`, or `http`, in a form that all programs read alike, so that the host that is checked is the one
/// that is reached.
public struct WebhookURL: Sendable, Hashable {
    /// How long it may be, in bytes.
    public static let limit = 2048

    /// As it was written.
    public let text: String
    public let isSecure: Bool
    /// In lower case; an address of version 6 without brackets.
    public let host: String
    /// The host, if it is an address.
    public let address: IPAddress?
    public let port: Int
    /// Path and query.
    private let rest: String

    /// Reads a URL of ASCII characters, with a name or an address as its host; `nil` where it has a user name, a fragment or anything
    /// else that not every program understands.
    public init?(_ text: String) {
        guard text.utf8.count <= WebhookURL.limit, text.utf8.allSatisfy(WebhookURL.isAllowed) else { return nil }
        self.text = text
        var left: Substring
        if text.hasPrefix("https://") {
            (isSecure, left) = (true, text.dropFirst("https://".count))
        } else if text.hasPrefix("http://") {
            (isSecure, left) = (false, text.dropFirst("http://".count))
        } else {
            return nil
        }
        let authority = left.prefix { $0 != "/" && $0 != "?" }
        rest = String(left.dropFirst(authority.count))
        guard WebhookURL.isPercentEncoded(rest), !authority.contains("@"), !authority.contains("%") else { return nil }
        left = authority
        if left.hasPrefix("[") {
            guard let end = left.firstIndex(of: "]"), let address = IPAddress(String(left[..<end].dropFirst())),
                address.isVersion6
            else { return nil }
            (host, self.address) = (address.description, address)
            left = left[left.index(after: end)...]
        } else {
            host = left.prefix { $0 != ":" }.lowercased()
            address = IPAddress(host)
            guard address != nil || WebhookURL.isName(host) else { return nil }
            left = left.dropFirst(host.count)
        }
        if left.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard left.first == ":", (2...6).contains(left.count), let port = Int(left.dropFirst()),
                left.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }), (1...65_535).contains(port)
            else { return nil }
            self.port = port
        }
    }

    /// The URL as it is requested: with its port, and the host in the form in which it is checked.
    public var requested: String {
        let shown = address?.isVersion6 == true ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(shown):\(port)\(rest.hasPrefix("/") ? "" : "/")\(rest)"
    }

    /// What RFC 3986 allows outside of fragments.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~:/?@!$&'()*+,;=%[]".utf8.contains(byte)
        }
    }

    /// Whether each percent sign begins the code of a byte, and no bracket is left as it is.
    private static func isPercentEncoded(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.allSatisfy { index in
            switch bytes[index] {
            case UInt8(ascii: "%"):
                bytes.count > index + 2
                    && bytes[(index + 1)...(index + 2)].allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            case UInt8(ascii: "["), UInt8(ascii: "]"): false
            default: true
            }
        }
    }

    /// Whether a host is a name: what ends in a number would be an address to some programs.
    static func isName(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last, labels.allSatisfy(isLabel) else { return false }
        return !last.utf8.allSatisfy { (0x30...0x39).contains($0) } && !last.hasPrefix("0x")
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d || byte == 0x5f
            }
    }
}
