import CanonicalJSON
import Testing

/// What a mutation answers is what the next GET answers, byte for byte and with the same tag: one rule in Swift and in SQL.
@Suite(.serialized) struct SameBytesTests {
    /// A server of its own: SYSTEM_ADMIN's grants, which are part of its tags, change when it makes organizations.
    private static let server = Task { try await Server.start() }

    private func expectSame(_ answer: Answer, _ server: Server, _ path: String, _ caller: Person) async throws {
        #expect(answer.status < 300, "\(path) by \(caller.email): \(answer.text)")
        let next = try await server.get(path, as: caller)
        #expect(next.text == answer.text, "\(path) by \(caller.email)")
        #expect(next.tag == answer.tag, "\(path) by \(caller.email)")
    }

    @Test func `A mutation of an organization answers the bytes that a GET shows`() async throws {
        let server = try await SameBytesTests.server.value
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        for caller in [cast.owner, cast.administrator, server.admin] {
            let bodies = [#"{"name":"\#(unique("Ünï \\u00e9\\\\\\\" "))"}"#, #"{"alias":"\#(unique("a"))"}"#, "{}"]
            for body in bodies {
                try await expectSame(server.patch(path, as: caller, body), server, path, caller)
                try await expectSame(
                    server.patch("/organization", as: caller, in: cast.organization, body), server, path, caller)
            }
            let profile = #"{"mission":"\#(unique("🦆 "))","website":"a/b"}"#
            try await expectSame(server.post("\(path)/profile", as: caller, profile), server, "\(path)/profile", caller)
            try await expectSame(
                server.patch("\(path)/profile", as: caller, #"{"website":null}"#), server, "\(path)/profile", caller)
            try await expectSame(server.patch(path, as: caller, #"{"name":"N"}"#), server, path, caller)
        }
        for caller in [cast.owner, server.admin] {
            try await expectSame(server.delete(path, as: caller), server, path, caller)
            try await expectSame(server.post("\(path)/activate", as: caller), server, path, caller)
            let made = try await server.post("/organization", as: caller, #"{"name":"\#(unique("Made "))"}"#)
            try await expectSame(made, server, "/organization/\(made.id)", caller)
        }
    }

    @Test func `A mutation of an account answers the bytes that a GET shows`() async throws {
        let server = try await SameBytesTests.server.value
        let cast = try await Cast.make(server)
        let member = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        try await server.grant("MANAGER", to: member, in: cast.foreign, by: cast.stranger)
        let path = "/account/\(member.id)"
        let confined = try await server.confined(cast.owner, to: cast.organization)
        let confinedAdmin = try await server.confined(server.admin, to: cast.organization)
        for caller in [cast.owner, cast.administrator, server.admin, confined, confinedAdmin] {
            let made = try await server.post(
                "/account", as: caller, #"{"name":"ä","email":"\#(unique("made"))@example.org"}"#)
            try await expectSame(made, server, "/account/\(made.id)", caller)
            let grant = #"{"orgId":"\#(cast.organization)","role":"\#(unique("R"))"}"#
            try await expectSame(server.post("\(path)/grant", as: caller, grant), server, path, caller)
            let role = unique("S")
            try await server.grant(role, to: member, in: cast.organization, by: cast.owner)
            let taken = try await server.delete("\(path)/grant?orgId=\(cast.organization)&role=\(role)", as: caller)
            try await expectSame(taken, server, path, caller)
            try await expectSame(server.patch(path, as: caller, "{}"), server, path, caller)
        }
        let own = #"{"orgId":"\#(cast.organization)","role":"\#(unique("OWN"))"}"#
        try await expectSame(
            server.post("/account/\(cast.owner.id)/grant", as: cast.owner, own), server, "/account/\(cast.owner.id)",
            cast.owner)
        let ownConfined = try await server.confined(member, to: cast.foreign)
        for caller in [member, ownConfined, server.admin] {
            try await expectSame(server.patch(path, as: caller, #"{"name":"\#(unique("n"))"}"#), server, path, caller)
        }
        try await expectSame(server.delete(path, as: server.admin), server, path, server.admin)
        try await expectSame(server.post("\(path)/activate", as: server.admin), server, path, server.admin)
    }

    @Test func `A mutation of an employee answers the bytes that a GET shows`() async throws {
        let server = try await SameBytesTests.server.value
        let cast = try await Cast.make(server)
        let (e, m) = (cast.employeeEmployee, cast.managerEmployee)
        let path = "/employee/\(e)"
        try await server.post("\(path)/profile", as: cast.owner, #"{"bio":"b","gender":"x","birthDate":"2000-01-01"}"#)
        for caller in [cast.owner, cast.administrator, server.admin] {
            let made = try await server.post(
                "/employee", as: caller, in: cast.organization,
                #"{"name":"\u00e9e\u0301\u2028","email":"\#(unique("same"))@example.org","role":"\/"}"#)
            try await expectSame(made, server, "/employee/\(made.id)", caller)
            for body in [#"{"name":"\#(unique("n"))"}"#, #"{"role":null}"#, #"{"role":"r","type":"t"}"#, "{}"] {
                try await expectSame(server.patch(path, as: caller, body), server, path, caller)
            }
            let line = #"{"managerId":"\#(m)","type":"\#(unique("T"))"}"#
            try await expectSame(server.post("\(path)/managers", as: caller, line), server, "\(path)/managers", caller)
            try await expectSame(
                server.send("PUT", "\(path)/managers", as: caller, "[\(line)]"), server, "\(path)/managers", caller)
            let gone = try await server.delete("\(path)/managers/\(m)", as: caller)
            #expect(gone.tag == (try await server.get(path, as: caller)).tag)
            try await expectSame(
                server.delete("/employee/\(made.id)", as: caller), server, "/employee/\(made.id)", caller)
            try await expectSame(
                server.post("/employee/\(made.id)/activate", as: caller), server, "/employee/\(made.id)", caller)
        }
        try await server.assign(m, to: e, by: cast.owner)
        for caller in [cast.owner, cast.administrator, server.admin, cast.manager, cast.employee] {
            let profile = #"{"bio":"\#(unique("b"))"}"#
            try await expectSame(
                server.patch("\(path)/profile", as: caller, profile), server, "\(path)/profile", caller)
            try await expectSame(server.post("\(path)/profile", as: caller, profile), server, "\(path)/profile", caller)
        }
    }

    @Test func `Text is kept byte for byte, never normalized`() async throws {
        let server = try await SameBytesTests.server.value
        let (_, owner) = try await server.makeOrganization()
        for name in [
            "é", "e\u{301}", "a\u{2028}b", "👨‍👩‍👧‍👦", "<script>", "'; drop table log.events; --", "\\",
        ] {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("name", name)
            writer.member("email", unique("t") + "@example.org")
            writer.endObject()
            let made = try await server.post("/employee", as: owner, String(decoding: writer.bytes, as: UTF8.self))
            #expect(made.status == 201)
            #expect(made["name"].map { Array($0.utf8) } == Array(name.utf8))
            let read = try await server.get("/employee/\(made.id)", as: owner)
            #expect(read.body == made.body)
        }
    }
}
