import CanonicalJSON
import Foundation
import Testing

/// `directory rebuild` while the service answers and writes.
@Suite struct RebuildTests {
    @Test func theServiceGoesOnMeanwhile() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await Databases.make(), "DIRECTORY_KEYS": scratch.path("k"),
            ]
            let arguments = ["--bootstrap-admin", "admin@directory.localhost", "--demo"]
            try await Service.use(arguments, in: scratch, environment: environment) { service in
                let token = try #require(service.token)
                async let rebuilds = rebuildThrice(scratch, environment)
                var made = 0
                var isDone = false
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
                isDone = true
                made = try await writing
                #expect(isDone && made == 400)
                let all = try await service.get("/api/v1/employee", token: token)
                #expect(all.json.array?.count == 8 + made)
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

    @Test func canBeInterruptedAndRepeated() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await Databases.make(), "DIRECTORY_KEYS": scratch.path("k"),
            ]
            let file = try scratch.write(ReportingHistory.generated(lines: 2000, seed: 5).lines, to: "history")
            let imported = try await Program.run(
                "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            #expect(imported.status == 0, "\(imported.errors)")
            for (wait, signal) in [(150, SIGINT), (300, SIGKILL), (450, SIGTERM)] {
                let running = try Running(Program.path, ["rebuild"], scratch, environment)
                try await Task.sleep(for: .milliseconds(wait))
                running.send(signal)
                #expect([0, 130, 143, -SIGINT, -SIGTERM, -SIGKILL].contains(try await running.outcome().status))
            }
            let outcome = try await Program.run("rebuild", in: scratch, environment: environment)
            #expect(outcome.status == 0, "\(outcome.errors) \(outcome.output)")
        }
    }
}
