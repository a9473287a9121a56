import CanonicalJSON

extension JSON {
    /// A value for the eye: strings without quotes.
    var short: String { string ?? String(decoding: canonicalBytes(), as: UTF8.self) }
}
