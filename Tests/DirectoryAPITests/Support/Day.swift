import Testing

@testable import DirectoryAPI

/// Changes of every kind to one organization, and the paths of all that shows a past moment, which show them.
struct Day {
    typealias Change = @Sendable () async throws -> Void

    let organization: String
    /// Each is one mutation.
    let changes: [Change]
    let paths: [String]

    static func make(_ server: Server, by admin: Person) async throws -> Day {
        let organization = try await server.makeOrganization(admin)
        let account = try await server.makeAccount("day")
        var people: [String] = []
        for name in ["Ada Keller", "Bruno Silva", "Chloé Martin"] {
            people.append(try await server.makeEmployee(organization, by: admin, name: name))
        }
        var groups: [String] = []
        for _ in 0..<2 { groups.append(try await server.makeGroup(organization, by: admin)) }
        let app = try await server.makeApp(organization, by: admin, #"{"type":"SLACK","appData":{"plan":"gold"}}"#)
        let (ada, bruno, chloe) = (people[0], people[1], people[2])
        let (inner, outer) = (groups[0], groups[1])
        let alias = unique("day-")

        func change(_ method: String, _ path: String, _ json: String? = nil) -> Change {
            {
                let answer = try await server.send(method, path, as: admin, in: organization, json)
                #expect(answer.status < 300, "\(method) \(path): \(answer.text)")
            }
        }
        let grant = #"{"orgId":"\#(organization)","role":"MANAGER"}"#
        let changes = [
            change("PATCH", "/organization/\(organization)", #"{"name":"Day & Co","alias":"\#(alias)"}"#),
            change("POST", "/organization/\(organization)/profile", #"{"location":"Berlin"}"#),
            change("PATCH", "/employee/\(ada)", #"{"name":"Ada Müller-Keller","role":"Engineer","type":"CONTRACTOR"}"#),
            change("POST", "/employee/\(ada)/profile", #"{"bio":"Hi","gender":"x"}"#),
            change("POST", "/employee/\(ada)/managers", #"{"managerId":"\#(bruno)","type":"DIRECT"}"#),
            change("POST", "/employee/\(bruno)/managers", #"{"managerId":"\#(chloe)","type":"DIRECT"}"#),
            change("POST", "/employee/\(ada)/managers", #"{"managerId":"\#(bruno)","type":"DOTTED"}"#),
            change("PUT", "/employee/\(ada)/managers", #"[{"managerId":"\#(chloe)","type":"DIRECT"}]"#),
            change("POST", "/account/\(account.id)/grant", grant),
            change("PATCH", "/employee/\(ada)", #"{"account":"\#(account.id)"}"#),
            change("PATCH", "/account/\(account.id)", #"{"name":"Ada"}"#),
            change("POST", "/entity/\(ada)/groups", #"[{"groupId":"\#(inner)","type":"LEAD"}]"#),
            change("POST", "/entity/\(account.id)/groups", #"[{"groupId":"\#(inner)","type":"MEMBER"}]"#),
            change("POST", "/entity/\(inner)/groups", #"[{"groupId":"\#(outer)","type":"MEMBER"}]"#),
            change("PATCH", "/group/\(inner)", #"{"name":"Inner","type":"GUILD"}"#),
            change("POST", "/group/\(inner)/profile", #"{"description":"Those inside"}"#),
            change("DELETE", "/group/\(outer)"),
            change("POST", "/group/\(outer)/activate"),
            change(
                "PATCH", "/organization/\(organization)/apps/\(app)",
                #"{"externalId":"T1","appData":{"plan":"tin"}}"#),
            change("PUT", "/employee/\(ada)/mappings/\(app)/user", #"{"mappedId":"U1"}"#),
            change("PUT", "/group/\(inner)/mappings/\(app)/user", #"{"mappedId":"U1"}"#),
            change("PUT", "/account/\(account.id)/mappings/\(app)/user", #"{"mappedId":"U1"}"#),
            change("DELETE", "/group/\(inner)/mappings/\(app)/user"),
            change("PUT", "/employee/\(ada)/preferences/theme", #"{"values":{"theme":"dark"}}"#),
            change("POST", "/entity/\(ada)/groups", "[]"),
            change("DELETE", "/employee/\(chloe)"),
            change("POST", "/employee/\(chloe)/activate"),
            change("DELETE", "/account/\(account.id)/grant?orgId=\(organization)&role=MANAGER"),
            change("DELETE", "/organization/\(organization)"),
            change("POST", "/organization/\(organization)/activate"),
        ]

        let values = [
            "organization": [organization], "employee": [ada, chloe], "managerId": [bruno, chloe],
            "group": [inner], "id": [inner, outer], "groupId": [inner, outer], "entity": [ada, account.id, inner],
            "accountId": [account.id], "accountIdOrEmail": [account.id, account.email, admin.id], "alias": [alias],
            "name": ["ada", "keller"], "app": [app], "type": ["SLACK"], "externalId": ["T1"], "key": ["plan"],
            "value": ["gold", "tin"], "namespace": ["user"], "mappedId": ["U1"],
        ]
        let every = Operations.all.filter(\.showsPast).flatMap { operation in
            let paths = operation.path.parameters.reduce([operation.path.text]) { paths, parameter in
                paths.flatMap { path in
                    (values[parameter] ?? []).map { path.replacing("{\(parameter)}", with: $0) }
                }
            }
            #expect(!paths.isEmpty, "\(operation.name) has a parameter without a value")
            return paths
        }
        let filtered = [
            "/employee?status=INACTIVE", "/employee?type=CONTRACTOR", "/employee?manager=none",
            "/employee?manager=inactive", "/employee/by-manager/\(chloe)?depth=all",
            "/employee/by-manager/\(bruno)?type=DOTTED", "/group?status=INACTIVE", "/group?type=GUILD",
            "/group/\(outer)/members?transitive=true", "/group/\(inner)/members?membership=LEAD",
            "/group/\(inner)/members?entity=ACCOUNT", "/entity/\(ada)/groups?transitive=true",
        ]
        return Day(organization: organization, changes: changes, paths: every + filtered)
    }
}
