import Directory

struct QueryString {
    private let text: Substring

    init(_ text: Substring) { self.text = text }

    /// The values of the declared parameters, normalised by their formats. An empty value counts as missing.
    /// - Throws: `Problem` that lists every invalid parameter.
    func values(_ declared: [QueryParameter]) throws -> [String: String] {
        guard !text.isEmpty else { return [:] }
        var values: [String: String] = [:]
        var errors: [Refusal.Field] = []
        for part in text.split(separator: "&") {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentDecoding.decode(pieces[0], plusIsSpace: true),
                let value = PercentDecoding.decode(pieces.count > 1 ? pieces[1] : "", plusIsSpace: true)
            else { throw Problem.invalid("The query's percent-encoding is malformed.") }
            guard let parameter = declared.first(where: { $0.name == name }) else {
                errors.append(Refusal.Field("?\(name)", "is unknown"))
                continue
            }
            guard !value.isEmpty else { continue }
            guard let accepted = parameter.format.accept(value) else {
                errors.append(Refusal.Field("?\(name)", parameter.format.requirement))
                continue
            }
            if values.updateValue(accepted, forKey: name) != nil {
                errors.append(Refusal.Field("?\(name)", "is given more than once"))
            }
        }
        guard errors.isEmpty else { throw Problem.invalid("The query is not valid.", errors) }
        return values
    }
}
