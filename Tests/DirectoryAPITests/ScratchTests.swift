import Testing
@testable import DirectoryAPI
@Suite struct ScratchTests {
    @Test func scratch() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        _ = try await server.makeEmployee(organization, by: owner, name: "José María Núñez")
        for p in ["nunez", "nun%CC%83ez", "nunez%20jose", "n%C3%BA%C3%B1ez", "nu", "nune", "nun", "maria"] {
            let s = try RawSocket(port: server.port)
            await s.send("GET /api/v1/employee/by-name/\(p) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(owner.token)\r\n\r\n")
            print(p, await s.receive().suffix(30), try await server.get("/employee/by-name/\(p)", as: owner).body.count)
        }
    }
}
