import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// A company of which the examples of the description can speak: an organization of the SYSTEM_ADMIN, with one of everything
/// that the examples name.
///
/// What is sent is what the description shows, but for two things: the id of an entity replaces the id that the
/// examples have for it, and a word of the company's own in place of `acme`, which is in whatever must be unique.
struct ExampleCompany {
    private let server: Server
    private let description: Description
    /// What replaces what.
    private var replacements: [(example: String, own: String)] = []

    static func make(_ server: Server, _ description: Description) async throws -> ExampleCompany {
        let word = unique("acme-")
        let made = try await server.post(
            "/organization", as: server.admin, #"{"name":"Acme","alias":"\#(word)"}"#)
        try #require(made.status == 201, "\(made.text)")
        let (organization, owner) = (made.id, server.admin)
        let account = try await server.makeAccount("ada")
        var company = ExampleCompany(server: server, description: description)
        try company.stand([
            "organization": organization, "account": account.id,
            "newcomer": try await server.makeMember("EMPLOYEE", of: organization, by: owner).id,
            "employee": try await server.makeEmployee(organization, by: owner, name: "Ada Keller", account: account),
            // The caller has an employee too.
            "manager": try await server.makeEmployee(organization, by: owner, name: "Mona Manager", account: owner),
            "group": try await server.makeGroup(organization, by: owner),
        ])
        company.replacements.append(("acme", word))
        try await company.stand([
            "app": company.send("addApp").id, "key": company.send("createOrganizationKey").id,
            "webhook": company.send("createWebhook").id,
        ])
        return company
    }

    private mutating func stand(_ own: [String: String]) throws {
        for (name, id) in own {
            let example = try #require(description.exampleIDs.first { $0.name == name }, "no example of \(name)")
            // Before the word: an id has no letters that it could be part of.
            replacements.insert((example.id, id), at: 0)
        }
    }

    /// A text of an example, as this company sends it.
    private func own(_ text: String) -> String {
        replacements.reduce(text) { $0.replacing($1.example, with: $1.own) }
    }

    /// Sends the example of an operation.
    func send(_ name: String) async throws -> Answer {
        let operation = try #require(description[name], "there is no \(name)")
        return try await server.send(
            operation.method, own(operation.target), as: operation.needsToken ? server.admin : nil,
            operation.body.map(own), headers: operation.examples(in: "header").mapValues(own))
    }

    /// The path to which a link of an answer leads; `nil` where the link leaves a parameter open.
    func path(of link: JSON, after answer: Answer, to operation: DescribedRequest) throws -> String? {
        let target = try #require(description[link["operationId"]?.string ?? ""])
        let body = operation.body.flatMap { try? JSON(parsing: Array(own($0).utf8), limits: Limits()) }
        var values: [String: String] = [:]
        for parameter in link["parameters"]?.members ?? [] {
            let expression = parameter.value.string ?? ""
            let name = expression.split(separator: ".").last.map(String.init) ?? ""
            let pointer = expression.split(separator: "#/").last.map(String.init) ?? ""
            let value: String? =
                if expression.hasPrefix("$response.body") {
                    answer[pointer]
                } else if expression.hasPrefix("$request.body") {
                    pointer.split(separator: "/").reduce(body) { json, part in
                        Int(part).map { json?.array?[$0] } ?? json?[String(part)]
                    }?.string
                } else {
                    operation.examples(in: "path")[name].map(own)
                }
            let found: String = try #require(value, "\(operation.name): \(expression)")
            values[parameter.name] = found
        }
        let path = target.path(values)
        return target.method == "GET" && !path.contains("{") ? path : nil
    }
}
