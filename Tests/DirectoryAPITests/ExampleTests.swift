import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// Every example of `/openapi.json`, taken from there and sent to a server.
@Suite struct ExampleTests {
    /// What must have happened so that an operation has something to answer, to take away or to bring back.
    private static func before(_ name: String) -> String? {
        switch name {
        case "listManagers", "removeManager", "listReports", "countReports", "getChain": "assignManager"
        case "listMembers", "listGroupsOfEntity", "removeFromGroup": "replaceGroupsOfEntity"
        case "listEntitiesByMapping": "setEmployeeMapping"
        case "revokeRole": "grantRole"
        case "listWebhookDeliveries": "testWebhook"
        case _ where name.hasSuffix("Mapping") || name.hasSuffix("Preferences"):
            name.hasPrefix("remove") ? "set" + name.dropFirst("remove".count) : nil
        case _ where name.hasPrefix("activate"): "de" + name
        default: nil
        }
    }

    /// Links of a new account that lead somewhere once it has a part in the current organization.
    private static let awaitRole: Set<String> = [
        "createAccount getEmployeeByAccount", "createAccount listGroupsOfEntity",
    ]

    @Test(.timeLimit(.minutes(10))) func `Every example succeeds, with an answer as described`() async throws {
        let server = try await Server.start()
        let served = try await server.send("GET", "/openapi.json", as: nil)
        let description = Description(served.json)
        #expect(description.operations.count == Operations.all.count)
        for operation in description.operations {
            let company = try await ExampleCompany.make(server, description)
            if let before = Self.before(operation.name) {
                let answer = try await company.send(before)
                #expect(answer.status < 300, "\(before), before \(operation.name): \(answer.text)")
            }
            let answer = try await company.send(operation.name)
            #expect(answer.status == operation.success, "\(operation.name): \(answer.text)")
            #expect(description.faults(of: answer, to: operation) == [], "\(operation.name): \(answer.text)")
            #expect(answer.json.array?.isEmpty != true, "\(operation.name) shows nothing")
            let links = operation.json["responses"]?[String(operation.success)]?["links"]?.members ?? []
            for link in links where !Self.awaitRole.contains("\(operation.name) \(link.name)") {
                guard let path = try company.path(of: link.value, after: answer, to: operation) else { continue }
                let followed = try await server.get(path, as: server.admin)
                #expect(followed.status == 200, "\(operation.name) leads to \(path): \(followed.text)")
            }
        }
        try await server.stop()
    }

    @Test func `What makes an entity leads to what can be done with it`() throws {
        func links(_ name: String) throws -> Set<String> {
            let operation = try #require(Description.own[name])
            let links = operation.json["responses"]?[String(operation.success)]?["links"]?.members ?? []
            return Set(links.map(\.name))
        }
        let employee = try links("createEmployee")
        #expect(
            employee.isSuperset(of: [
                "getEmployee", "updateEmployee", "deactivateEmployee", "assignManager", "listReports",
                "replaceGroupsOfEntity", "setEmployeePreferences", "getEmployeeHistory",
            ]))
        #expect(!employee.contains("getOrganization"), "it is about the employee")
        #expect(!employee.contains("removeManager"), "an employee is not its own manager")
        #expect(try links("addApp").isSuperset(of: ["getApp", "updateApp", "setOrganizationMapping"]))
        #expect(try links("createOrganizationKey").contains("deleteOrganizationKey"))
        #expect(
            try links("createWebhook") == [
                "getWebhook", "updateWebhook", "deleteWebhook", "testWebhook", "listWebhookDeliveries",
            ])
        #expect(try links("deleteWebhook") == [])
        #expect(try links("assignManager") == ["listManagers", "replaceManagers", "removeManager"])
        #expect(try links("setGroupMapping") == ["removeGroupMapping"])
        #expect(try links("getEmployee") == [])
    }

    @Test func `Every parameter of a path has an example, and none means nothing`() {
        for operation in Description.own.operations {
            for parameter in operation.parameters where parameter["in"] == "path" {
                #expect(parameter["example"]?.string?.isEmpty == false, "\(operation.name): \(text(parameter))")
            }
        }
    }

    @Test(arguments: [
        (#"{"status":"ok"}"#, true), (#"{}"#, false), (#"{"status":"bad"}"#, false), (#"{"status":1}"#, false),
        (#"{"status":"ok","more":1}"#, false), (#"[]"#, false),
    ])
    func `The check of answers finds what is not as described`(_ body: String, _ isFine: Bool) throws {
        let json = try JSON(parsing: Array(body.utf8), limits: Limits())
        let faults = SchemaCheck(document: Description.own.document).faults(json, OpenAPI.reference("Health"))
        #expect(faults.isEmpty == isFine, "\(faults)")
    }

    @Test(arguments: [
        (#"{"type":"string","format":"uuid"}"#, #""019abcde-0000-7000-8000-000000000001""#, true),
        (#"{"type":"string","format":"uuid"}"#, #""019ABCDE-0000-7000-8000-000000000001""#, false),
        (#"{"type":"string","format":"date-time"}"#, #""2026-11-24""#, false),
        (#"{"type":["string","null"]}"#, "null", true), (#"{"type":"integer"}"#, "1.5", false),
        (#"{"type":"array","items":{"type":"boolean"}}"#, "[true,0]", false),
        (#"{"type":"object"}"#, #"{"free":"form"}"#, true), (#"{"type":"string","pattern":"a"}"#, #""a""#, false),
    ])
    func `The check of values knows the keywords that are used`(_ schema: String, _ value: String, _ isFine: Bool)
        throws
    {
        let (schema, value) = try (
            JSON(parsing: Array(schema.utf8), limits: Limits()), JSON(parsing: Array(value.utf8), limits: Limits())
        )
        let faults = SchemaCheck(document: [:]).faults(value, schema)
        #expect(faults.isEmpty == isFine, "\(faults)")
    }
}
