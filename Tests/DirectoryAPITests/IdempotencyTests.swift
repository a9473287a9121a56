import CanonicalJSON
import Testing

@testable import DirectoryAPI

@Suite struct IdempotencyTests {
    @Test func `A repeat with its Idempotency-Key gets the first answer and appends nothing`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let (a, e) = (cast.organization, cast.employeeEmployee)
        let spare = try await server.makeEmployee(a, by: cast.owner)
        try await server.delete("/employee/\(spare)", as: cast.owner)
        let asleep = try await server.makeOrganization(cast.owner)
        try await server.delete("/organization/\(asleep)", as: cast.owner)
        let member = try await server.makeMember("EMPLOYEE", of: a, by: cast.owner)
        try await server.delete("/account/\(member.id)", as: server.admin)
        let leaver = try await server.makeMember("EMPLOYEE", of: a, by: cast.owner)
        let leaving = try await server.makeEmployee(a, by: cast.owner)
        let app = try await server.makeApp(a, by: cast.owner)
        try await server.delete("/organization/\(a)/apps/\(app)", as: cast.owner)
        let group = try await server.makeGroup(a, by: cast.owner)
        let closed = try await server.makeGroup(a, by: cast.owner)
        try await server.delete("/group/\(closed)", as: cast.owner)
        let posts: [(operation: String, Person, String?, String, String?)] = [
            ("createOrganization", cast.owner, a, "/organization", #"{"name":"\#(unique("Idempotent "))"}"#),
            (
                "createOrganization", cast.owner, a, "/organization",
                #"{"name":"\#(unique("o"))","ownerEmail":"\#(unique("other"))@example.org"}"#
            ),
            ("activateOrganization", cast.owner, asleep, "/organization/\(asleep)/activate", nil),
            (
                "replaceCurrentOrganizationProfile", cast.owner, a, "/organization/profile",
                #"{"mission":"\#(unique("m"))"}"#
            ),
            (
                "replaceOrganizationProfile", cast.owner, a, "/organization/\(a)/profile",
                #"{"mission":"\#(unique("m"))"}"#
            ),
            ("createAccount", cast.owner, a, "/account", #"{"email":"\#(unique("idem"))@example.org"}"#),
            ("activateAccount", server.admin, nil, "/account/\(member.id)/activate", nil),
            (
                "grantRole", cast.owner, a, "/account/\(cast.employee.email)/grant",
                #"{"orgId":"\#(a)","role":"IDEMPOTENT"}"#
            ),
            (
                "createEmployee", cast.owner, a, "/employee",
                #"{"name":"I","email":"\#(unique("idem"))@example.org"}"#
            ),
            (
                "replaceEmployeeProfile", cast.owner, a, "/employee/\(e)/profile",
                #"{"bio":"\#(unique("b"))","gender":"x"}"#
            ),
            ("replaceEmployeeProfile", cast.manager, a, "/employee/\(e)/profile", #"{"bio":"\#(unique("b"))"}"#),
            (
                "assignManager", cast.owner, a, "/employee/\(e)/managers",
                #"{"managerId":"\#(cast.managerEmployee)","type":"IDEM"}"#
            ),
            ("activateEmployee", cast.owner, a, "/employee/\(spare)/activate", nil),
            ("eraseEmployee", cast.owner, a, "/employee/\(leaving)/erase", #"{"reason":"LEFT"}"#),
            ("eraseAccount", server.admin, nil, "/account/\(leaver.id)/erase", #"{"reason":"LEFT"}"#),
            ("createGroup", cast.owner, a, "/group", #"{"name":"\#(unique("G"))","type":"TEAM"}"#),
            ("replaceGroupProfile", cast.owner, a, "/group/\(group)/profile", #"{"icon":"\#(unique("i"))"}"#),
            ("activateGroup", cast.owner, a, "/group/\(closed)/activate", nil),
            ("replaceGroupsOfEntity", cast.owner, a, "/entity/\(e)/groups", #"[{"groupId":"\#(group)"}]"#),
            ("addApp", cast.owner, a, "/organization/\(a)/apps", #"{"type":"SLACK","appData":{"a":1}}"#),
            ("activateApp", cast.owner, a, "/organization/\(a)/apps/\(app)/activate", nil),
        ]
        // A repeat does not show the secret of a key or a webhook: see `OrganizationKeyTests` and `WebhookTests`.
        let declared = Set(
            Operations.all.filter { $0.isMutation && $0.method == .post }.map(\.name)
                .filter { !$0.hasSuffix("Key") && $0 != "createWebhook" })
        #expect(declared.symmetricDifference(posts.map(\.operation)) == [], "another POST belongs into this list")
        for (index, (_, caller, organization, path, body)) in posts.enumerated() {
            var headers = ["Idempotency-Key": "key-\(index)", "X-Request-Id": unique("first-")]
            // The newest first: only the latest part of the trail is of interest.
            func appended() async throws -> [String] {
                let id = headers["X-Request-Id"] ?? ""
                return try await server.get("/audit?order=desc&requestId=\(id)", as: server.admin).types
            }
            // `createOrganization` makes a second organization of the owner: the header says which is meant.
            let first = try await server.post(path, as: caller, in: organization, body, headers: headers)
            #expect(first.status < 300, "\(path): \(first.text)")
            #expect(try await !appended().isEmpty, "\(path)")
            // Later changes do not show in the repeat.
            try await server.patch("/employee/\(e)", as: cast.owner, #"{"role":"\#(unique("r"))"}"#)
            try await server.patch("/organization/\(a)/profile", as: cast.owner, #"{"mission":"\#(unique("later"))"}"#)
            try await server.patch("/organization/\(asleep)", as: cast.owner, #"{"name":"\#(unique("Later "))"}"#)
            try await server.patch("/account/\(member.id)", as: server.admin, #"{"name":"\#(unique("Later "))"}"#)
            try await server.patch("/group/\(group)", as: cast.owner, #"{"name":"\#(unique("Later "))"}"#)
            try await server.patch("/group/\(closed)", as: cast.owner, #"{"name":"\#(unique("Later "))"}"#)
            try await server.setGroups(of: e, [group], type: unique("LATER"), by: cast.owner)
            try await server.grant(unique("LATER"), to: cast.employee, in: a, by: cast.owner)
            try await server.patch(
                "/organization/\(a)/apps/\(app)", as: cast.owner, #"{"name":"\#(unique("Later "))"}"#)
            try await server.grant(unique("LATER"), to: cast.owner, in: a, by: cast.owner)
            headers["X-Request-Id"] = unique("repeat-")
            let again = try await server.post(path, as: caller, in: organization, body, headers: headers)
            expectSame(first, again, path)
            #expect(try await appended().isEmpty, "\(path)")
            // The bytes of the body, also where none is declared.
            let other = body.map { $0.dropLast() + " " + $0.suffix(1) } ?? "{}"
            let refused = try await server.post(path, as: caller, in: organization, other, headers: headers)
            #expect(refused.status == 422, "\(path) with another body")
        }
    }

    @Test func `A repeat is checked like a new request up to 403`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let headers = ["Idempotency-Key": "fresh"]
        let body = #"{"name":"F","email":"\#(unique("fresh"))@example.org"}"#
        let first = try await server.post("/employee", as: cast.administrator, body, headers: headers)
        #expect(first.status == 201)
        try await server.grant("AUDITOR", to: cast.administrator, in: cast.organization, by: cast.owner)
        try await server.delete(
            "/account/\(cast.administrator.id)/grant?orgId=\(cast.organization)&role=ADMIN", as: cast.owner)
        #expect(try await server.post("/employee", as: cast.administrator, body, headers: headers).status == 403)
        try await server.delete("/account/\(cast.administrator.id)", as: server.admin)
        #expect(try await server.post("/employee", as: cast.administrator, body, headers: headers).status == 401)
    }

    @Test func `A key belongs to account, method, path and organization`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        let headers = ["Idempotency-Key": "scope"]
        func body(_ stem: String) -> String { #"{"name":"S","email":"\#(stem)@example.org"}"# }
        let same = body(unique("scope"))
        let first = try await server.post("/employee", as: cast.owner, in: cast.organization, same, headers: headers)
        #expect(first.status == 201)
        let elsewhere = try await server.post("/employee", as: cast.owner, in: second, same, headers: headers)
        #expect(elsewhere.status == 201)
        #expect(elsewhere.id != first.id)
        let byOther = try await server.post(
            "/employee", as: cast.administrator, body(unique("scope")), headers: headers)
        #expect(byOther.status == 201)
        let otherPath = try await server.post("/employee/\(first.id)/profile", as: cast.owner, "{}", headers: headers)
        #expect(otherPath.status == 201)
        for bad in ["", "a b", "ü", String(repeating: "k", count: 129)] {
            let refused = try await server.post(
                "/employee", as: cast.owner, in: second, body(unique("bad")), headers: ["Idempotency-Key": bad])
            #expect(refused.status == 400, "\(bad)")
        }
        // A repeat of a refused request is decided again: only requests that appended something are kept.
        let taken = try await server.post(
            "/employee", as: cast.owner, in: second, same, headers: ["Idempotency-Key": "refused"])
        #expect(taken.status == 409)
        try await server.delete("/employee/\(elsewhere.id)", as: cast.owner)
        let free = try await server.post(
            "/employee", as: cast.owner, in: second, same, headers: ["Idempotency-Key": "refused"])
        #expect(free.status == 201)
    }

    @Test func `A repeat during the first request waits for it and gets its answer`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let body = #"{"name":"C","email":"\#(unique("concurrent"))@example.org"}"#
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await server.post("/employee", as: owner, body, headers: ["Idempotency-Key": "concurrent"])
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for answer in answers { expectSame(answers[0], answer, "concurrent") }
        #expect(answers[0].status == 201)
        #expect(try await server.get("/employee", as: owner, in: organization).ids == [answers[0].id])
    }
}
