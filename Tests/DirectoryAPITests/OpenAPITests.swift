import CanonicalJSON
import TestSupport
import Testing

@testable import DirectoryAPI

/// The document at `/openapi.json`, the page at `/docs`, and `docs/operations.md`.
@Suite struct OpenAPITests {
    private let document = OpenAPI.document(of: Operations.all)

    private func operations() -> [(path: String, method: String, json: JSON)] {
        (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map { (path.name, $0.name, $0.value) }
        }
    }

    @Test func `Every operation is described once, under its own path and method`() {
        let described = operations()
        #expect(described.count == Operations.all.count)
        #expect(Set(described.map { $0.json["operationId"]?.string }).count == Operations.all.count)
        for operation in Operations.all {
            let found = described.first { $0.json["operationId"]?.string == operation.name }
            #expect(found?.method == operation.method.rawValue.lowercased(), "\(operation.name)")
            #expect(found?.json["responses"]?[String(operation.response.status)] != nil, "\(operation.name)")
            #expect(found?.json["summary"]?.string == operation.summary)
        }
    }

    @Test func `The parameters of a path are declared, under the names that the path has`() {
        for (path, method, operation) in operations() {
            let inPath = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            let declared = (operation["parameters"]?.array ?? []).filter { $0["in"] == "path" }
            #expect(declared.compactMap { $0["name"]?.string } == inPath, "\(method) \(path)")
            #expect(declared.allSatisfy { $0["required"] == true && $0["schema"] != nil })
        }
    }

    @Test func `All references resolve`() {
        func check(_ json: JSON) {
            for member in json.members ?? [] {
                if member.name == "$ref", let target = member.value.string {
                    let found = target.dropFirst(2).split(separator: "/").reduce(document as JSON?) { $0?[String($1)] }
                    #expect(found != nil, "\(target)")
                }
                check(member.value)
            }
            for element in json.array ?? [] { check(element) }
        }
        check(document)
    }

    @Test func `What is sent to webhooks is described, with what each answer means`() {
        let delivery = document["webhooks"]?["event"]?["post"]
        let names = (delivery?["parameters"]?.array ?? []).map { $0["name"]?.string ?? "" }
        #expect(names == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect((delivery?["parameters"]?.array ?? []).allSatisfy { $0["in"] == "header" && $0["required"] == true })
        let answers = (delivery?["responses"]?.members ?? []).map(\.name)
        #expect(Set(answers) == ["2XX", "410", "429", "503", "default"])
        // Whoever receives it has no token to ask for.
        #expect(delivery?["security"] == [])
        #expect(!operations().contains { $0.json["operationId"] == delivery?["operationId"] })
    }

    @Test func `The example of each body is accepted, and bodies of one name are one`() throws {
        var seen: [String: JSON] = [:]
        for body in Operations.all.compactMap(\.body) {
            let schema = BodySchema(body)
            let fields = BodyFields(schema.example)
            _ = body.init(fields)
            try fields.finish()
            #expect(seen.updateValue(schema.json, forKey: schema.name).map { $0 == schema.json } ?? true)
        }
    }

    @Test func `Every link names an operation, parameters of its path and what the request or the answer has`() {
        let description = Description.own
        for operation in description.operations {
            let response = operation.json["responses"]?[String(operation.success)]
            let schema = response?["content"]?["application/json"]?["schema"].map {
                Description.resolve($0, in: document)
            }
            for link in response?["links"]?.members ?? [] {
                let target = description[link.value["operationId"]?.string ?? ""]
                #expect(target != nil, "\(operation.name): \(link.name)")
                for parameter in link.value["parameters"]?.members ?? [] {
                    let expression = parameter.value.string ?? ""
                    #expect(target?.path.contains("{\(parameter.name)}") == true, "\(operation.name): \(link.name)")
                    if expression.hasPrefix("$response.body#/") {
                        #expect(schema?["properties"]?[String(expression.dropFirst(16))] != nil, "\(expression)")
                    } else if expression.hasPrefix("$request.path.") {
                        #expect(operation.path.contains("{\(expression.dropFirst(14))}"), "\(expression)")
                    } else {
                        #expect(expression.hasPrefix("$request.body#/") && operation.body != nil, "\(expression)")
                    }
                }
            }
        }
    }

    @Test func `The description needs no token and is JSON without duplicate names`() async throws {
        let server = try await Server.shared
        let answer = try await server.send("GET", "/openapi.json", as: nil)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        let parsed = try JSON(parsing: answer.body, limits: Limits(maximumDepth: 64, maximumArrayCount: 10_000))
        #expect(parsed == document)
    }

    @Test func `The page of documentation fetches nothing from elsewhere`() async throws {
        let server = try await Server.shared
        let answer = try await server.send("GET", "/docs", as: nil)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        let policy = try #require(answer.header("Content-Security-Policy"))
        #expect(policy.hasPrefix("default-src 'none'"))
        #expect(policy.contains("connect-src 'self'"))
        #expect(!policy.contains("unsafe"))
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        #expect(answer.text.contains(#"fetch("./openapi.json")"#))
        #expect(!answer.text.contains("{{"))
        // The only absolute address is the one shown for a page opened as a file.
        let rest = answer.text.replacing("http://127.0.0.1:8080", with: "").replacing("curl(", with: "")
        #expect(!rest.contains("http:") && !rest.contains("https:") && !rest.contains("url("))
        #expect(!rest.contains("style=\"") && !rest.contains("onclick"))
    }

    @Test func `The page of operations is what the declarations say`() throws {
        #expect(
            try GeneratedPage("docs/operations.md", text: OperationTable.markdown).isCurrent(),
            "DIRECTORY_WRITE_DOCS=1 swift test --filter OpenAPITests writes docs/operations.md; run it again to see it pass"
        )
    }
}
