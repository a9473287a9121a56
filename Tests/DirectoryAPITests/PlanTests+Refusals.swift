import Testing

@testable import DirectoryAPI

/// What may not be seen is refused before anything is done with it.
extension PlanTests {
    @Test func `A caller who may not see a list is refused before anything is walked or searched`() async throws {
        let company = try await Self.company.value
        let (_, stranger) = try await company.server.makeOrganization()
        let lowest = company.large.lowest.text, root = company.large.root.text
        let organization = company.large.organization.text
        for path in [
            "/group/\(company.large.everybody.text)/members?transitive=true",
            "/entity/\(lowest)/groups?transitive=true",
            "/employee/\(lowest)/chain", "/employee/by-manager/\(root)?depth=all", "/employee/by-manager/\(root)",
            "/employee/by-manager/\(root)/counts", "/audit/diff?from=0&organization=\(organization)",
            "/organization/\(organization)/density",
        ] {
            let (refused, statements) = try await company.log.during {
                try await company.server.get(path, as: stranger)
            }
            #expect(refused.status == 404)
            #expect(!statements.contains { ["directory walks", "directory lists"].contains($0.connection) })
            for statement in statements { expectModest(statement, of: 0) }
        }
    }

    @Test func `A change of what the caller does not see touches as little as one of what does not exist`() async throws
    {
        let company = try await Self.company.value
        let (_, stranger) = try await company.server.makeOrganization()
        // A node of its own, which holds nothing of the organization yet.
        let node = try await Server.start(database: company.server.database)
        let unknown = "01890000-0000-7000-8000-000000000000"
        let root = company.large.root.text, everybody = company.large.everybody.text
        for employee in [unknown, company.large.lowest.text, root] {
            let line = #"{"managerId":"\#(root)","type":"DIRECT"}"#
            for (method, path, body) in [
                ("POST", "/employee/\(employee)/managers", line),
                ("PUT", "/employee/\(employee)/managers", "[\(line)]"),
                ("PATCH", "/employee/\(employee)/profile", #"{"bio":"x"}"#), ("DELETE", "/employee/\(employee)", nil),
                ("POST", "/entity/\(employee)/groups", #"[{"groupId":"\#(everybody)"}]"#),
            ] as [(String, String, String?)] {
                let (refused, statements) = try await company.log.during {
                    try await node.send(method, path, as: stranger, body)
                }
                #expect(refused.status == 404, "\(method) \(path)")
                for statement in statements { expectModest(statement, of: 0) }
            }
        }
        for (path, body) in [
            ("/entity/\(company.large.groups[700].text)/groups", #"[{"groupId":"\#(everybody)"}]"#),
            ("/group/\(everybody)/activate", nil),
        ] as [(String, String?)] {
            let (refused, statements) = try await company.log.during { try await node.post(path, as: stranger, body) }
            #expect(refused.status == 404, "\(path)")
            for statement in statements { expectModest(statement, of: 0) }
        }
        try await node.stop()
    }
}
