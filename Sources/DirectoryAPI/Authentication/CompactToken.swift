import CanonicalJSON

/// A JWT in its compact form (RFC 7519), as it was sent, before its signature is verified.
///
/// It is read strictly, so that nobody else can read it otherwise: three segments of canonical base64url, and two JSON objects in
/// which no member is named twice.
struct CompactToken {
    let header: JSON
    let claims: JSON

    /// `nil` unless the text is one.
    init?(_ text: String) {
        let segments = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard segments.count == 3, let header = CompactToken.object(segments[0]),
            let claims = CompactToken.object(segments[1]), Base64URL.decode(segments[2]) != nil
        else { return nil }
        self.header = header
        self.claims = claims
    }

    private static func object(_ segment: Substring.UTF8View) -> JSON? {
        guard let bytes = Base64URL.decode(segment), let json = try? JSON(parsing: bytes), json.members != nil else {
            return nil
        }
        return json
    }
}
