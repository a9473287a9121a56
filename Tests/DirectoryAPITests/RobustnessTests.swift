import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// What a caller with an account might try, and lists in which many ways lead to one employee.
@Suite struct RobustnessTests {
    @Test func `If-None-Match on a mutation is 412 where the entity matches it`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let tag = try #require(try await server.get("/employee/\(employee)", as: owner).tag)
        func change(_ condition: String) async throws -> Int {
            try await server.patch(
                "/employee/\(employee)", as: owner, #"{"role":"\#(unique("R"))"}"#,
                headers: ["If-None-Match": condition]
            ).status
        }
        #expect(try await change("*") == 412)
        #expect(try await change(tag) == 412)
        #expect(try await change("W/\(tag)") == 412)
        #expect(try await change("\"0\", \(tag)") == 412)
        #expect(try await change("\"0\"") == 200)
        #expect(try await server.get("/employee/\(employee)", as: owner).tag != tag)
    }

    @Test func `The id under which platform grants are stored is not an organization`() async throws {
        let server = try await Server.shared
        let (_, owner) = try await server.makeOrganization()
        let zero = "00000000-0000-0000-0000-000000000000"
        for role in ["OWNER", "SYSTEM_ADMIN", "X"] {
            let path = "/account/\(owner.id)/grant?orgId=\(zero)&role=\(role)"
            #expect(try await server.delete(path, as: owner).status == 404)
            #expect(try await server.delete(path, as: server.admin).status == 404)
        }
        let granted = try await server.post(
            "/account/\(owner.id)/grant", as: server.admin, #"{"orgId":"\#(zero)","role":"X"}"#)
        #expect(granted.status == 422 && granted.pointers == ["/orgId"])
        #expect(try await server.get("/organization/\(zero)", as: server.admin).status == 404)
        #expect(try await server.get("/employee", as: server.admin, in: zero).status == 404)
    }

    @Test func `A forged cursor is 400, whatever moment it names`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        for _ in 0..<3 { _ = try await server.makeEmployee(organization, by: owner) }
        let link = try #require(try await server.get("/employee?limit=1", as: owner).header("Link"))
        let start = try #require(link.range(of: "cursor="))
        let given = try #require(PercentDecoding.decode(link[start.upperBound...].prefix { $0 != ">" }))
        var bytes = try #require(Base64URL.decode(given.utf8))
        // The position's last byte, the key's, the signature's.
        for index in [7, 15, 31] {
            bytes[index] ^= 1
            let forged = Base64URL.encode(bytes)
            let answer = try await server.get("/employee?limit=1&cursor=\(forged)", as: owner)
            #expect(answer.status == 400 && answer.pointers == ["?cursor"])
            bytes[index] ^= 1
        }
        let unchanged = Base64URL.encode(bytes)
        #expect(try await server.get("/employee?limit=1&cursor=\(unchanged)", as: owner).status == 200)
    }

    @Test func `Broken percent-encoding is 400 in a search, 404 in an id or an address`() async throws {
        let server = try await Server.shared
        let (_, owner) = try await server.makeOrganization()
        func status(_ path: String) async throws -> Int {
            try await server.raw("GET /api/v1\(path) HTTP/1.1", as: owner)
        }
        #expect(try await status("/employee/by-name/%zz") == 400)
        for path in ["/employee/%zz", "/account/%ff", "/account/nobody", "/account/a%20b@example.org"] {
            #expect(try await status(path) == 404, "\(path)")
        }
        let long = String(repeating: "a", count: 4000) + "@example.org"
        #expect(try await server.patch("/account/\(long)", as: owner, #"{"name":"x"}"#).status == 404)
    }

    @Test func `An employee reached in several ways is listed once, at the least distance`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        // Twelve levels of three, each under all three above it: 3^11 ways from the bottom to the top.
        var levels: [[String]] = []
        for level in 0..<12 {
            var row: [String] = []
            for _ in 0..<3 { row.append(try await server.makeEmployee(organization, by: owner)) }
            if level > 0 {
                let lines = levels[level - 1].map { #"{"managerId":"\#($0)","type":"DIRECT"}"# }.joined(separator: ",")
                for employee in row {
                    let put = try await server.send("PUT", "/employee/\(employee)/managers", as: owner, "[\(lines)]")
                    #expect(put.status == 200, "\(put.text)")
                }
            }
            levels.append(row)
        }
        let chain = try await server.get("/employee/\(levels[11][0])/chain", as: owner).ids
        #expect(chain == levels[..<11].reversed().flatMap { $0 })
        let below = try await server.get("/employee/by-manager/\(levels[0][0])?depth=all", as: owner).ids
        #expect(below == levels[1...].flatMap { $0 })
        let two = try await server.get("/employee/by-manager/\(levels[0][0])?depth=2", as: owner).ids
        #expect(two == levels[1...2].flatMap { $0 })
        let circle =
            #"[{"managerId":"\#(levels[5][1])","type":"DOTTED"},{"managerId":"\#(levels[11][2])","type":"DIRECT"}]"#
        let refused = try await server.send("PUT", "/employee/\(levels[0][1])/managers", as: owner, circle)
        #expect(refused.status == 422 && refused.pointers == ["/1/managerId"])
    }
}
