import CanonicalJSON
import Foundation
import TestSupport
import Testing

/// `directory rebuild` while the service answers and writes.
@Suite struct RebuildTests {
    @Test func `The service keeps serving during a rebuild`() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
            ]
            let arguments = ["--bootstrap-admin", "admin@directory.localhost", "--demo"]
            try await Service.use(arguments, in: scratch, environment: environment) { service in
                let token = try #require(service.token)
                async let rebuilds = rebuildThrice(scratch, environment)
                async let writing: Int = {
                    var count = 0
                    while !Task.isCancelled, count < 400 {
                        let answer = try await service.send(
                            "POST", "/api/v1/employee", token: token,
                            json: #"{"name":"N \#(count)","email":"n\#(count)@acme.example"}"#)
                        guard answer.status == 201 else {
                            Issue.record("\(answer.status): \(answer.text)")
                            return count
                        }
                        count += 1
                    }
                    return count
                }()
                for outcome in try await rebuilds {
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    #expect(outcome.lines.first?.hasPrefix("TABLE") == true)
                    #expect(outcome.errors.isEmpty)
                }
                let made = try await writing
                #expect(made == 400)
                let all = try await service.get("/api/v1/employee", token: token)
                #expect(all.json.array?.count == 112 + made)
            }
            let one = try await Program.run("rebuild", "employees", in: scratch, environment: environment)
            #expect(one.status == 0)
            #expect(one.lines.filter { $0.hasPrefix("employees.") }.count == 2)
            #expect(one.lines.count == 4)
        }
    }

    private func rebuildThrice(_ scratch: Scratch, _ environment: [String: String]) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for _ in 0..<3 {
            outcomes.append(try await Program.run("rebuild", in: scratch, environment: environment))
        }
        return outcomes
    }

    @Test func `A rebuild can be interrupted and repeated`() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
            ]
            let file = try scratch.write(ReportingHistory.generated(lines: 6000, seed: 5).lines, to: "history")
            let imported = try await Program.run(
                "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            #expect(imported.status == 0, "\(imported.errors)")
            let interruption = Interruption(
                progress: "select coalesce(max(oid::bigint), 0) from pg_namespace where nspname like '%\\_rebuild'",
                url: environment["DIRECTORY_DATABASE_URL"] ?? "")
            var interruptions = 0
            for signal in [SIGINT, SIGKILL, SIGTERM] {
                let outcome = try await interruption.run(["rebuild"], with: signal, scratch, environment)
                #expect([0, 130, 143, -SIGKILL].contains(outcome.status), "\(outcome.errors)")
                if outcome.status != 0 { interruptions += 1 }
            }
            #expect(interruptions > 0)
            let outcome = try await Program.run("rebuild", in: scratch, environment: environment)
            #expect(outcome.status == 0, "\(outcome.errors) \(outcome.output)")
        }
    }
}
