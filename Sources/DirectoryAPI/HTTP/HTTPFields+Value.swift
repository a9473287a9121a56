import HTTPTypes

extension HTTPFields {
    /// The value of a field, joined where it is sent more than once (RFC 9110, section 5.3): what the subscript gives, which
    /// makes several lists and an index on the way. A request has a handful of fields.
    func value(of name: HTTPField.Name) -> String? {
        var value: String?
        for field in self where field.name == name {
            value = value.map { "\($0), \(field.value)" } ?? field.value
        }
        return value
    }
}
