import CanonicalJSON
import Foundation
import TestSupport
import Testing

/// What an import leaves in the log and in the answers of the API.
@Suite struct ImportedTests {
    /// When a line took effect, as the API shows it.
    private func at(_ line: Int) -> String { "2024-01-0\(line)T09:00:00.000000Z" }

    private func importing(_ file: String, _ scratch: Scratch, _ environment: [String: String]) async throws -> Outcome
    {
        try await Program.run(
            "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
    }

    @Test func `Imported changes show when they took effect, and SYSTEM as their actor`() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
            ]
            try await Service.use(["--bootstrap-admin", "root@example.com"], in: scratch, environment: environment) {
                service in
                let outcome = try await importing(try scratch.write(history: SmallHistory.lines), scratch, environment)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let organization = try #require(outcome.lines.last?.split(separator: " ").last.map(String.init))
                let admin = try await Program.run(
                    "token", "--account", "root@example.com", in: scratch, environment: environment)
                let token = try #require(admin.lines.first)
                try await expectEntities(service, organization, token)
                try await expectTrail(service, organization, token)
            }
        }
    }

    private func expectEntities(_ service: Service, _ organization: String, _ token: String) async throws {
        let made = try await service.get("/api/v1/organization/\(organization)", token: token)
        #expect(made.json["created"]?["createdAt"]?.string == at(1), "it takes effect with the first line")
        #expect(made.json["created"]?["createdBy"] == "SYSTEM")
        let list = try await service.get("/api/v1/employee", token: token, organization: organization)
        let employees = try #require(list.json.array, "\(list.text)")
        #expect(employees.map { $0["name"]?.string } == ["Ann", "Bo"])
        for (index, employee) in employees.enumerated() {
            #expect(employee["created"]?["createdAt"]?.string == at(index + 1))
            #expect(employee["created"]?["createdBy"] == "SYSTEM")
            #expect(employee["status"]?["changedBy"] == "SYSTEM")
        }
        let (ann, bo) = (employees[0], employees[1])
        #expect(ann["status"]?["current"] == "INACTIVE")
        #expect(ann["status"]?["changedAt"]?.string == at(5))
        #expect(bo["status"]?["changedAt"]?.string == at(2))
        #expect(bo["role"] == "CTO")
        let line = try #require(bo["managers"]?.array?.first)
        #expect(line["managerId"] == ann["id"])
        #expect(line["since"]?.string == at(3))
    }

    private func expectTrail(_ service: Service, _ organization: String, _ token: String) async throws {
        func entries(_ query: String) async throws -> [JSON] {
            let page = try await service.get(
                "/api/v1/audit?organization=\(organization)&type=employee.*&\(query)", token: token)
            #expect(page.status == 200, "\(page.text)")
            return try #require(page.json.array)
        }
        let all = try await entries("")
        let expected = [
            ("employee.created", 1), ("employee.created", 2), ("employee.profile_changed", 2),
            ("employee.manager_assigned", 3), ("employee.role_changed", 4), ("employee.deactivated", 5),
        ]
        #expect(all.map { $0["type"]?.string } == expected.map(\.0))
        #expect(all.map { $0["effectiveAt"]?.string } == expected.map { at($0.1) })
        for entry in all {
            #expect(entry["actor"]?.canonicalText() == #"{"role":"SYSTEM","type":"SYSTEM"}"#)
            #expect(try #require(entry["time"]?.string) > "2026", "when it was recorded")
            #expect(entry["context"]?.canonicalText() == "{}")
        }
        // `since` and `until` go by `time`: by then nothing was recorded, though all had taken effect.
        #expect(try await entries("until=2025-01-01T00:00:00Z").isEmpty)
        #expect(try await entries("since=2025-01-01T00:00:00Z") == all)
        #expect(try await entries("actor=SYSTEM") == all)
    }

    @Test func `An import begins with the file's digest; its events name import and line`() async throws {
        try await Scratch.use { scratch in
            let environment = ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]
            func marks() async throws -> (marks: [String], events: [JSON]) {
                let events = try await Program.run("export", in: scratch, environment: environment).lines.dropFirst()
                    .map {
                        try JSON(parsing: Array($0.utf8))
                    }
                let marks = events.filter { $0["type"]?.string?.hasPrefix("organization.import_") == true }
                return (
                    marks.map {
                        let digest = $0["sealed"]?["text"]?["digest"]?.string ?? "none"
                        return
                            "\($0["type"]?.string?.dropFirst(20) ?? "") \($0["data"]?["lines"]?.integer ?? 0) \(digest)"
                    }, events
                )
            }
            func digest(_ file: String) async throws -> String {
                String(try await Program.shell("sha256sum < \(file)", in: scratch).output.prefix(64))
            }
            let short = try scratch.write(history: SmallHistory.lines.prefix(3)),
                whole = try scratch.write(history: SmallHistory.lines)
            let (shortDigest, wholeDigest) = (try await digest(short), try await digest(whole))
            #expect(try await importing(short, scratch, environment).status == 0)
            let first = ["started 3 \(shortDigest)", "completed 3 \(shortDigest)"]
            #expect(try await marks().marks == first)
            #expect(try await importing(short, scratch, environment).status == 0)
            #expect(try await marks().marks == first, "the same file again is nothing new")

            // A line that a rule refuses stops it before that line.
            let cycle = #"{"at":"2024-01-03T10:00:00Z","op":"set_manager","person":"a","manager":"b"}"#
            let refused = try scratch.write(history: SmallHistory.lines.prefix(3) + [cycle])
            #expect(try await importing(refused, scratch, environment).status == 1)
            let second = first + ["started 4 \(try await digest(refused))", "stopped 3 \(shortDigest)"]
            #expect(try await marks().marks == second)

            // With lines added it is started once more, and resumes.
            #expect(try await importing(whole, scratch, environment).status == 0)
            let (marks, events) = try await marks()
            #expect(marks == second + ["started 5 \(wholeDigest)", "completed 5 \(wholeDigest)"])

            let ids = Set(events.compactMap { $0["data"]?["import"]?.string })
            #expect(ids.count == 1, "one import, whose file grew")
            let imported = events.filter { $0["streamType"] == "EMPLOYEE" }
            #expect(imported.map { $0["data"]?["line"]?.integer } == [1, 2, 2, 3, 4, 5])
            for event in imported {
                #expect(event["data"]?["import"]?.string == ids.first, "\(event)")
                #expect(event["effectiveAt"]?.string == at(Int(event["data"]?["line"]?.integer ?? 0)))
            }
            for event in events { #expect(event["actorRole"] == "SYSTEM" && event["actor"] == nil) }
        }
    }
}
