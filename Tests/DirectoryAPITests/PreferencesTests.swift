import CanonicalJSON
import Testing

@Suite struct PreferencesTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    private let body = #"{"values":{"theme":"dark","b":[1,{"c":null}]}}"#

    private func preferences(_ answer: Answer) -> [JSON]? { answer.json["preferences"]?.array }

    @Test func `The answer is the entity that a GET shows, with its tag`() async throws {
        let paths = [
            ("/organization/\(cast.organization)", cast.administrator),
            ("/employee/\(cast.employeeEmployee)", cast.owner),
            ("/account/\(cast.employee.id)", cast.employee),
        ]
        for (path, caller) in paths {
            let before = try await server.get(path, as: caller)
            let set = try await server.put("\(path)/preferences/ui%20x", as: caller, body)
            #expect(set.status == 200, "\(set.text)")
            #expect(preferences(set) == [["namespace": "ui x", "values": ["theme": "dark", "b": [1, ["c": nil]]]]])
            #expect(set.tag != before.tag)
            let after = try await server.get(path, as: caller)
            #expect(after.body == set.body && after.tag == set.tag)
            let again = try await server.put("\(path)/preferences/ui%20x", as: caller, body)
            #expect(again.tag == set.tag && again.body == set.body)
            let removed = try await server.delete("\(path)/preferences/ui%20x", as: caller)
            #expect(removed.status == 200 && preferences(removed) == [])
            let gone = try await server.get(path, as: caller)
            #expect(gone.body == removed.body && gone.tag == removed.tag)
            #expect(try await server.delete("\(path)/preferences/ui%20x", as: caller).status == 404)
        }
    }

    @Test func `An employee sees its own preferences, and does not see those of others`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        try await server.put("\(path)/preferences/ui", as: cast.owner, body)
        for caller in [cast.employee, cast.auditor, cast.administrator] {
            #expect(try await preferences(server.get(path, as: caller))?.count == 1)
        }
        #expect(try await preferences(server.get(path, as: cast.manager)) == nil)
        let organization = "/organization/\(cast.organization)"
        try await server.put("\(organization)/preferences/ui", as: cast.owner, body)
        #expect(try await preferences(server.get(organization, as: cast.auditor))?.count == 1)
        #expect(try await preferences(server.get(organization, as: cast.employee)) == nil)
    }

    @Test func `An account's preferences are shown to itself and SYSTEM_ADMIN alone`() async throws {
        let path = "/account/\(cast.employee.id)"
        try await server.put("\(path)/preferences/ui", as: cast.employee, body)
        #expect(try await preferences(server.get("/account/me", as: cast.employee))?.count == 1)
        #expect(try await preferences(server.get(path, as: server.admin))?.count == 1)
        #expect(try await preferences(server.get(path, as: cast.owner)) == nil)
        #expect(try await server.put("\(path)/preferences/ui", as: cast.owner, body).status == 403)
    }

    @Test func `If-Match guards preferences`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        let tag = try #require(try await server.get(path, as: cast.owner).tag)
        let set = try await server.put("\(path)/preferences/ui", as: cast.owner, body, headers: ["If-Match": tag])
        #expect(set.status == 200)
        let late = try await server.put("\(path)/preferences/x", as: cast.owner, body, headers: ["If-Match": tag])
        #expect(late.status == 412)
        #expect(
            try await server.delete("\(path)/preferences/ui", as: cast.owner, headers: ["If-Match": tag]).status == 412)
    }

    @Test func `A malformed body or namespace is 400`() async throws {
        let path = "/employee/\(cast.employeeEmployee)/preferences"
        for (bad, pointers) in [
            ("{}", ["/values"]), (#"{"values":null}"#, ["/values"]), (#"{"values":[]}"#, ["/values"]),
            (#"{"values":"x"}"#, ["/values"]), (#"{"values":{},"more":1}"#, ["/more"]),
            (#"{"values":{"a":["\u0000"]}}"#, []), (#"{"values":{"\u202e":1}}"#, ["/values"]),
            (#"{"values":{"a":{"b":"\u0007"}}}"#, ["/values"]),
        ] {
            let refused = try await server.put("\(path)/ui", as: cast.owner, bad)
            #expect(refused.status == 400, "\(bad)")
            #expect(refused.pointers == pointers, "\(bad): \(refused.text)")
        }
        #expect(try await server.put("\(path)/%20", as: cast.owner, body).status == 400)
        #expect(try await server.put("\(path)/a%0Ab", as: cast.owner, body).status == 400)
        let large = #"{"values":{"a":"\#(String(repeating: "x", count: 33_000))"}}"#
        let refused = try await server.put("\(path)/ui", as: cast.owner, large)
        #expect(refused.status == 422 && refused.pointers == ["/values"])
        #expect(try await server.put("\(path)/ui", as: cast.owner, #"{"values":{"a":"1\n2"}}"#).status == 200)
    }

    @Test func `The trail shows preferences before and after`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        try await server.put("\(path)/preferences/ui", as: cast.owner, #"{"values":{"a":1}}"#)
        try await server.put("\(path)/preferences/ui", as: cast.owner, #"{"values":{"a":2}}"#)
        try await server.delete("\(path)/preferences/ui", as: cast.owner)
        let history = try await server.get("\(path)/history?type=employee.preferences_set", as: cast.auditor)
        func element(_ value: Int64) -> JSON { ["namespace": "ui", "values": ["a": .integer(value)]] }
        #expect(
            history.elements.map { $0["changes"] } == [
                [["field": "/preferences", "to": element(1)]],
                [["field": "/preferences", "from": element(1), "to": element(2)]],
            ])
        let removed = try await server.get("\(path)/history?type=employee.preferences_removed", as: cast.auditor)
        #expect(removed.elements.map { $0["changes"] } == [[["field": "/preferences", "from": element(2)]]])
        // An account's belong to no organization.
        try await server.put("/account/\(cast.employee.id)/preferences/ui", as: cast.employee, body)
        let own = try await server.get("/audit?type=account.preferences_set", as: cast.employee)
        #expect(own.elements.count == 1)
        let type = "?type=account.preferences_set"
        #expect(try await server.get("/account/\(cast.employee.id)/history\(type)", as: cast.owner).elements.isEmpty)
    }
}
