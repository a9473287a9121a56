import HTTPTypes

extension Operation {
    /// Why the content of a request is of no supported kind; `nil` if it is.
    func unsupportedContent(_ headers: HTTPFields) -> Problem? {
        if let coding = headers.value(of: .contentEncoding), !Operation.isIdentity(coding) {
            return .unsupportedEncoding
        }
        guard body != nil else { return nil }
        let type = headers.value(of: .contentType)?.split(separator: ";").first?.trimmingSpaces.lowercased()
        return type == "application/json" ? nil : .unsupportedMediaType
    }

    /// Whether a list of content codings changes nothing.
    private static func isIdentity(_ codings: String) -> Bool {
        codings.split(separator: ",").allSatisfy { ["identity", ""].contains($0.trimmingSpaces.lowercased()) }
    }
}
