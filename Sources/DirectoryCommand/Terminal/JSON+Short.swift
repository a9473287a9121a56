import CanonicalJSON

extension JSON {
    /// The value for display: strings without quotes.
    var short: String { string ?? String(decoding: canonicalBytes(), as: UTF8.self) }
}
