/// `docs/operations.md`: the operations as tables, generated from their declarations.
enum OperationTable {
    static var markdown: String {
        """
        # Operations

        Generated from the declarations in `Sources/DirectoryAPI/Operations`; do not edit. `DIRECTORY_WRITE_DOCS=1 swift test \
        --filter OpenAPITests` rewrites it. A running service shows the same with parameters, fields and examples at `/docs`, \
        and for programs at `/openapi.json`.

        The number is that of the reference, if the operation is one of its 52. Fields in **bold** are required.

        \(Resource.allCases.map(section).joined())
        """
    }

    private static func section(_ resource: Resource) -> String {
        let operations = Operations.all.filter { $0.resource == resource }
        guard !operations.isEmpty else { return "" }
        return """
            ## \(resource.rawValue)

            | # | operation | what it does | body | query | response | access |
            |---|---|---|---|---|---|---|
            \(operations.map(row).joined(separator: "\n"))


            """
    }

    private static func row(_ operation: Operation) -> String {
        let cells = [
            operation.number.map(String.init) ?? "", "`\(operation.method.rawValue) \(operation.path.text)`",
            operation.summary, body(operation), operation.query.map { "`\($0.name)`" }.joined(separator: " "),
            words(operation.response), operation.access.description,
        ]
        return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }

    private static func body(_ operation: Operation) -> String {
        guard let body = operation.body else { return "" }
        let schema = BodySchema(body)
        let fields = schema.fields.map { $0.isRequired ? "**\($0.name)**" : $0.name }.joined(separator: " ")
        return schema.json["type"] == "array" ? "[\(fields)]" : fields
    }

    private static func words(_ response: ResponseShape) -> String {
        let types = [response.contentType] + response.otherContentTypes
        let content = response.schema ?? (types == ["application/json"] ? "" : types.joined(separator: ", "))
        return "\(response.status) \(content)\(response.isArray ? "[]" : "")"
    }
}
