import CanonicalJSON
import Foundation
import Testing

/// A directory in which everything has happened that can happen, once at least.
struct EventfulLog {
    let service: Service
    let token: String
    private(set) var organization = ""
    private(set) var (account, manager, report, group, app) = ("", "", "", "", "")
    /// A key of the organization, and its secret.
    private(set) var key = (id: "", secret: [UInt8]())
    /// A position at which the organization had people, and less than it has at the end.
    private var middle: Int64 = 0

    /// Lets it all happen.
    static func make(_ service: Service, _ token: String) async throws -> EventfulLog {
        var log = EventfulLog(service: service, token: token)
        try await log.makeOrganization()
        try await log.makeAccounts()
        try await log.makeEmployees()
        try await log.makeGroups()
        log.middle = try await log.lastPosition()
        try await log.relate()
        try await log.read()
        return log
    }

    private init(service: Service, token: String) { (self.service, self.token) = (service, token) }

    @discardableResult
    private func send(_ method: String, _ path: String, _ json: String? = nil, or other: Int? = nil) async throws
        -> JSON
    {
        let answer = try await service.send(
            method, "/api/v1/\(path)", token: token,
            organization: path.hasPrefix("organization") || path.hasPrefix("audit") || organization.isEmpty
                ? nil : organization, json: json)
        try #require(answer.status < 300 || answer.status == other, "\(method) \(path): \(answer.text)")
        return answer.json
    }

    private func make(_ path: String, _ json: String) async throws -> String {
        try #require(try await send("POST", path, json)["id"]?.string)
    }

    /// Something ends and comes back.
    private func turn(_ path: String) async throws {
        try await send("DELETE", path)
        try await send("POST", "\(path)/activate")
    }

    private mutating func makeOrganization() async throws {
        let other = try await make("organization", #"{"name":"Other"}"#)
        try await turn("organization/\(other)")
        let own = try await make("organization", #"{"name":"Every"}"#)
        let path = "organization/\(own)"
        try await send("PATCH", path, #"{"name":"Everything \"and\" more é","alias":"everything"}"#)
        try await send("PATCH", "\(path)/profile", #"{"mission":"All of it","website":"https://example.com"}"#)
        let made = try await send("POST", "\(path)/keys", #"{"name":"kept","limitToRole":"ADMIN"}"#)
        let secret = try #require(made["secretBase64"]?.string.flatMap { Data(base64Encoded: $0) })
        key = (try #require(made["id"]?.string), Array(secret))
        let deleted = try await make("\(path)/keys", #"{"name":"deleted"}"#)
        try await send("DELETE", "\(path)/keys/\(deleted)")
        app = try await make(
            "\(path)/apps",
            #"{"type":"SLACK","externalId":"T1","appData":{"plan":"gold"},"secretData":{"token":"one"}}"#)
        try await send("PATCH", "\(path)/apps/\(app)", #"{"name":"S","secretData":{"token":"two"}}"#)
        try await turn("\(path)/apps/\(app)")
        for body in [
            #"{"url":"https://hooks.example.invalid/","types":["group.*"]}"#, #"{"url":"https://b.invalid/"}"#,
        ] {
            let webhook = "\(path)/webhooks/\(try await make("\(path)/webhooks", body))"
            for change in [#"{"name":"Hook"}"#, #"{"active":false}"#] { try await send("PATCH", webhook, change) }
            // The other one rests: after a restore an ACTIVE one would be disabled, since its secret is missing.
            guard body.contains("types") else { continue }
            try await send("PATCH", webhook, #"{"active":true}"#)
            try await send("DELETE", webhook)
        }
        organization = own
    }

    private mutating func makeAccounts() async throws {
        account = try await make("account", #"{"email":"some@example.com","name":"Some"}"#)
        try await send("PATCH", "account/\(account)", #"{"name":"Someone","email":"someone@example.com"}"#)
        for role in ["OWNER", "AUDITOR"] {
            try await send("POST", "account/\(account)/grant", #"{"orgId":"\#(organization)","role":"\#(role)"}"#)
        }
        try await send("DELETE", "account/\(account)/grant?orgId=\(organization)&role=AUDITOR")
        try await turn("account/\(try await make("account", #"{"email":"other@example.com"}"#))")
    }

    private mutating func makeEmployees() async throws {
        manager = try await make("employee", #"{"name":"Manager","email":"m@example.com"}"#)
        report = try await make("employee", #"{"name":"Report","email":"r@example.com","role":"Clerk"}"#)
        let path = "employee/\(report)"
        try await send(
            "PATCH", path,
            #"{"name":"Re Port","email":"re@example.com","role":"Lead","type":"CONTRACTOR","account":"\#(account)"}"#)
        try await send("PATCH", path, #"{"account":null}"#)
        try await send("PATCH", "\(path)/profile", #"{"bio":"Two\nlines","birthDate":"1990-01-02"}"#)
        for type in ["DIRECT", "DOTTED_LINE"] {
            try await send("POST", "\(path)/managers", #"{"managerId":"\#(manager)","type":"\#(type)"}"#)
        }
        try await send("DELETE", "\(path)/managers/\(manager)")
        try await turn(path)
        try await send("POST", "\(path)/managers", #"{"managerId":"\#(manager)","type":"DIRECT"}"#)
    }

    private mutating func makeGroups() async throws {
        group = try await make("group", #"{"name":"Group","type":"TEAM"}"#)
        try await send("PATCH", "group/\(group)", #"{"name":"Guild","type":"GUILD"}"#)
        try await send("PATCH", "group/\(group)/profile", #"{"description":"A guild"}"#)
        let nested = try await make("group", #"{"name":"Nested","type":"TEAM"}"#)
        try await turn("group/\(nested)")
        for member in [nested, account, report] {
            for groups in ["MEMBER", "LEAD"].map({ #"[{"groupId":"\#(group)","type":"\#($0)"}]"# }) + ["[]"] {
                try await send("POST", "entity/\(member)/groups", groups)
            }
        }
        try await send("POST", "entity/\(report)/groups", #"[{"groupId":"\#(group)"}]"#)
    }

    private func lastPosition() async throws -> Int64 {
        let history = try await send("GET", "group/\(group)/history?order=desc&limit=1")
        return try #require(history.array?.first?["position"]?.integer)
    }

    /// Mappings and preferences, of each kind of entity.
    private func relate() async throws {
        for path in [
            "organization/\(organization)", "account/\(account)", "employee/\(report)", "group/\(group)",
        ] {
            for place in ["kept", "gone"] {
                try await send(
                    "PUT", "\(path)/mappings/\(app)/\(place)",
                    #"{"mappedId":"of \#(path)","mappingData":{"n":1.5},"mappingSecrets":{"s":"hidden"}}"#)
                try await send("PUT", "\(path)/preferences/\(place)", #"{"values":{"a":[1,null,"ü"]}}"#)
            }
            try await send("DELETE", "\(path)/mappings/\(app)/gone")
            try await send("DELETE", "\(path)/preferences/gone")
        }
    }

    /// The trail, in the name of the organization and in nobody's; and two who are erased, where that can be.
    private func read() async throws {
        for path in ["audit?organization=\(organization)", "audit"] { try await send("GET", path) }
        for path in ["audit/export?organization=\(organization)", "audit/export?format=csv"] {
            let answer = try await service.get("/api/v1/\(path)", token: token)
            try #require(answer.status == 200, "\(answer.text)")
        }
        let person = try await make("employee", #"{"name":"Erased","email":"erased@example.com"}"#)
        let gone = try await make("account", #"{"email":"gone@example.com"}"#)
        for path in ["employee/\(person)/erase", "account/\(gone)/erase"] {
            try await send("POST", path, #"{"reason":"REQUEST"}"#, or: 404)
        }
    }

    /// GETs of all that there is, as of now and as of a position in the middle; none of them is recorded.
    var paths: [String] {
        let present = [
            "organization", "organization/\(organization)", "organization/\(organization)/profile",
            "organization/\(organization)/apps", "organization/by-app/SLACK",
            "account", "account/\(account)",
            "account/for-org", "employee", "employee/\(report)", "employee/\(report)/profile",
            "employee/\(report)/managers", "employee/\(report)/chain", "employee/by-name/port",
            "employee/by-manager/\(manager)?depth=all", "group", "group/\(group)", "group/\(group)/members",
            "entity/\(report)/groups",
        ]
        let past = present.map { "\($0)\($0.contains("?") ? "&" : "?")asOf=\(middle)" }
        let histories = [
            "organization/\(organization)/history", "account/\(account)/history", "employee/\(report)/history",
            "group/\(group)/history", "audit/log/entry?position=7", "audit/log/opening?position=7",
            "audit/log/consistency?from=5&to=50", "entity/by-mapping/\(app)/kept/of%20employee%2F\(report)",
        ]
        return present + past + histories
    }

    /// The answers to those GETs by a service.
    func answers(of service: Service) async throws -> [(path: String, status: Int, text: String)] {
        var answers: [(path: String, status: Int, text: String)] = []
        for path in paths {
            let stated = path.hasPrefix("organization") || path.hasPrefix("audit") ? nil : organization
            let answer = try await service.get("/api/v1/\(path)", token: token, organization: stated)
            answers.append((path, answer.status, answer.text))
        }
        return answers
    }
}
