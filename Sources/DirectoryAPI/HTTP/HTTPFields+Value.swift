import HTTPTypes

extension HTTPFields {
    /// The value of a field; repeated fields are joined (RFC 9110, section 5.3). The subscript returns the same, but allocates
    /// several arrays and an index, which does not pay off for a request's handful of fields.
    func value(of name: HTTPField.Name) -> String? {
        // Most are absent, which is found out without a copy of any.
        guard contains(name) else { return nil }
        var value: String?
        for field in self where field.name == name {
            value = value.map { "\($0), \(field.value)" } ?? field.value
        }
        return value
    }
}
