import Testing
import EventSourcing
import FoundationEssentials
@testable import DirectoryAPI
@Suite struct ScratchTests {
    @Test func scratch() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let (other, stranger) = try await server.makeOrganization()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<40 {
                group.addTask {
                    for _ in 0..<100 {
                        let a = try await server.makeAccount()
                        if client % 2 == 0 { _ = try await server.makeEmployee(organization, by: owner, account: a) }
                        else { try await server.grant("EMPLOYEE", to: a, in: other, by: stranger) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let clock = ContinuousClock()
        for (who, p) in [("owner", owner), ("stranger", stranger), ("admin", server.admin)] {
            for path in ["/account", "/account?limit=100", "/account/for-org", "/account/for-org?limit=100", "/account/org-admins", "/account/\(p.id)", "/organization", "/employee?limit=100", "/employee?limit=100&manager=none", "/account/\(p.id)/employees"] {
                for _ in 0..<2 {
                var n = 0
                let t = try await clock.measure { n = try await server.get(path, as: p, in: who == "admin" ? organization : nil).json.array?.count ?? -1 }
                print(who, path.prefix(30), n, t)
                }
            }
        }
        try await server.stop()
    }
}
