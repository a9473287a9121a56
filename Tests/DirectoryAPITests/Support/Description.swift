import CanonicalJSON

@testable import DirectoryAPI

/// What `/openapi.json` says.
struct Description: Sendable {
    let document: JSON
    let operations: [DescribedRequest]
    private let byName: [String: DescribedRequest]
    private let check: SchemaCheck

    /// The description that this build serves.
    static let own = Description(OpenAPI.document(of: Operations.all))

    init(_ document: JSON) {
        self.document = document
        var operations: [DescribedRequest] = []
        for path in document["paths"]?.members ?? [] {
            for method in path.value.members ?? [] {
                operations.append(
                    DescribedRequest(
                        path: path.name, method: method.name.uppercased(), json: method.value, in: document))
            }
        }
        self.operations = operations
        byName = Dictionary(operations.map { ($0.name, $0) }) { first, _ in first }
        check = SchemaCheck(document: document)
    }

    subscript(_ name: String) -> DescribedRequest? { byName[name] }

    /// The ids that the examples use, by the names of what they stand for.
    var exampleIDs: [(name: String, id: String)] {
        (document["components"]?["examples"]?.members ?? []).map { ($0.name, $0.value["value"]?.string ?? "") }
    }

    /// What follows a reference, or the value itself.
    static func resolve(_ json: JSON, in document: JSON) -> JSON {
        guard let reference = json["$ref"]?.string else { return json }
        let found = reference.dropFirst(2).split(separator: "/").reduce(document as JSON?) { $0?[String($1)] }
        return found ?? nil
    }

    /// What is wrong with an answer to an operation, by what is said of it.
    func faults(of answer: Answer, to operation: DescribedRequest, isHead: Bool = false) -> [String] {
        guard let response = operation.responses[answer.status] else {
            return ["\(answer.status) is not described"]
        }
        var faults = response.requiredHeaders.filter { answer.header($0) == nil }.map {
            "\(answer.status) has no \($0)"
        }
        guard !isHead else { return faults }
        guard let contents = response.contents else {
            if !answer.body.isEmpty { faults.append("\(answer.status) has a body") }
            return faults
        }
        let type = answer.header("Content-Type") ?? ""
        guard let content = contents.first(where: { type.split(separator: ";").first.map(String.init) == $0.name })
        else { return faults + ["it is \(type)"] }
        guard content.name == "application/json" || content.name.hasSuffix("+json") else { return faults }
        return faults + check.faults(answer.json, content.value["schema"] ?? nil)
    }
}

/// An operation as `/openapi.json` describes it.
struct DescribedRequest: Sendable {
    let path: String
    let method: String
    let json: JSON
    let name: String
    /// Its parameters, without references.
    let parameters: [JSON]
    /// By status.
    let responses: [Int: DescribedResponse]

    init(path: String, method: String, json: JSON, in document: JSON) {
        self.path = path
        self.method = method
        self.json = json
        name = json["operationId"]?.string ?? ""
        parameters = (json["parameters"]?.array ?? []).map { Description.resolve($0, in: document) }
        let described = (json["responses"]?.members ?? []).compactMap { response in
            Int(response.name).map { ($0, DescribedResponse(response.value, in: document)) }
        }
        responses = Dictionary(described) { first, _ in first }
    }

    var needsToken: Bool { json["security"] == nil }

    /// The status of success.
    var success: Int {
        (json["responses"]?.members ?? []).compactMap { Int($0.name) }.first { (200..<300).contains($0) } ?? 0
    }

    /// The path with these values in place of its parameters.
    func path(_ values: [String: String]) -> String {
        values.reduce(path) { $0.replacing("{\($1.key)}", with: PercentDecoding.encode($1.value)) }
    }

    /// The examples of the parameters in a place: `path`, `query` or `header`.
    func examples(in place: String) -> [String: String] {
        var examples: [String: String] = [:]
        for parameter in parameters where parameter["in"]?.string == place {
            guard let name = parameter["name"]?.string, let example = parameter["example"] else { continue }
            examples[name] = example.string ?? text(example)
        }
        return examples
    }

    /// The example of the body.
    var body: String? { json["requestBody"]?["content"]?["application/json"]?["example"].map { text($0) } }

    /// The target of the example: path and query.
    var target: String {
        let query = examples(in: "query").map { "\($0.key)=\(PercentDecoding.encode($0.value))" }.sorted()
        return path(examples(in: "path")) + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }
}

/// An answer as an operation describes it.
struct DescribedResponse: Sendable {
    let requiredHeaders: [String]
    /// By media type; `nil` where it has no body.
    let contents: [JSON.Member]?

    init(_ json: JSON, in document: JSON) {
        let response = Description.resolve(json, in: document)
        requiredHeaders = (response["headers"]?.members ?? []).filter {
            Description.resolve($0.value, in: document)["required"] == true
        }.map(\.name)
        contents = response["content"]?.members
    }
}
