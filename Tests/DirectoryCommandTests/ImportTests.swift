import CanonicalJSON
import Foundation
import TestSupport
import Testing

/// `directory import`, run once and repeatedly.
@Suite struct ImportTests {
    /// The program and a database that it imports into.
    struct Target {
        let scratch: Scratch
        let environment: [String: String]

        static func use(_ body: (Target) async throws -> Void) async throws {
            try await Scratch.use { scratch in
                try await body(Target(scratch: scratch, environment: try await environment()))
            }
        }

        static func environment() async throws -> [String: String] {
            ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]
        }

        /// Imports lines into a new organization, or into one that exists.
        func run(_ lines: some Sequence<String>, into organization: String? = nil) async throws -> Outcome {
            try await run(file: scratch.write(history: lines), into: organization)
        }

        func run(file: String, into organization: String? = nil) async throws -> Outcome {
            let target = organization.map { ["--organization", $0] } ?? ["--name", "Past", "--owner", "o@example.com"]
            return try await Running(Program.path, ["import", file] + target, scratch, environment).outcome()
        }

        func events() async throws -> [JSON] {
            try await Program.run("export", in: scratch, environment: environment).lines.dropFirst().map {
                try JSON(parsing: Array($0.utf8))
            }
        }
    }

    private static func organization(_ outcome: Outcome) throws -> String {
        try #require(outcome.lines.last { $0.hasPrefix("organization ") }?.split(separator: " ").last.map(String.init))
    }

    @Test func `An import reports its lines, and its progress only to a terminal`() async throws {
        try await Target.use { target in
            let outcome = try await target.run(SmallHistory.lines.prefix(3))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("3 lines imported"))
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test func `A file that was imported before changes nothing, even if it has grown since`() async throws {
        try await Target.use { target in
            let short = Array(SmallHistory.lines.prefix(3))
            for lines in [short, SmallHistory.lines] { _ = try await target.run(lines) }
            let before = try await target.events()
            for lines in [SmallHistory.lines, short] {
                let again = try await target.run(lines)
                #expect(again.status == 0)
                #expect(again.output.contains("0 lines imported, 0 events"))
            }
            #expect(try await target.events() == before)
        }
    }

    @Test func `A file with lines added resumes after its last line`() async throws {
        try await Target.use { target in
            let first = try await target.run(SmallHistory.lines.prefix(3))
            let more = try await target.run(SmallHistory.lines)
            #expect(more.output.contains("resumed after line 3"))
            #expect(more.output.contains("2 lines imported"))
            #expect(try Self.organization(more) == Self.organization(first))
            #expect(try await target.events().compactMap { $0["data"]?["line"]?.integer } == [1, 2, 2, 3, 4, 5])
        }
    }

    @Test func `Imported events take effect at the time of their line, by the system`() async throws {
        try await Target.use { target in
            _ = try await target.run(SmallHistory.lines)
            let events = try await target.events()
            let hired = try #require(events.first { $0["type"] == "employee.created" })
            #expect(hired["effectiveAt"] == "2024-01-01T09:00:00.000000Z")
            #expect(hired["actorRole"] == "SYSTEM")
            let made = try #require(events.first { $0["type"] == "organization.created" })
            #expect(made["effectiveAt"] == "2024-01-01T09:00:00.000000Z")
        }
    }

    private static func hire(at time: String) -> [String] {
        [#"{"at":"\#(time)","op":"hire","person":"c","name":"C","email":"c@example.com"}"#]
    }

    @Test func `Another file may not begin before the end of the last import`() async throws {
        try await Target.use { target in
            let organization = try Self.organization(try await target.run(SmallHistory.lines))
            let events = try await target.events()
            let refused = try await target.run(Self.hire(at: "2024-01-04T23:00:00Z"), into: organization)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("before 2024-01-05T09:00:00.000000Z"))
            #expect(try await target.events() == events)
            let accepted = try await target.run(Self.hire(at: "2024-01-05T09:00:00Z"), into: organization)
            #expect(accepted.status == 0, "\(accepted.errors)")
        }
    }

    @Test func `An import into an unknown organization is refused`() async throws {
        try await Target.use { target in
            _ = try await target.run(SmallHistory.lines)
            let unknown = try await target.run(Self.hire(at: "2024-01-05T09:00:00Z"), into: UUID().uuidString)
            #expect(unknown.status == 1)
            #expect(unknown.errors.contains("There is no such organization"))
        }
    }

    @Test func `The first refused line is named and can be corrected`() async throws {
        try await Target.use { target in
            let cycle = #"{"at":"2024-01-03T10:00:00Z","op":"set_manager","person":"a","manager":"b"}"#
            let refused = try await target.run(SmallHistory.lines[..<3] + [cycle] + SmallHistory.lines[3...])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("line 4: "))
            #expect(refused.output.contains("3 lines imported"))
            let mended = try await target.run(SmallHistory.lines)
            #expect(mended.status == 0, "\(mended.errors)")
            #expect(mended.output.contains("resumed after line 3"))
            #expect(try Self.organization(mended) == Self.organization(refused))
        }
    }

    @Test(arguments: [
        ("{", "line 6"), (#"{"at":"2024-01-01T08:00:00Z","op":"leave","person":"b"}"#, "line 6: at"),
        (#"{"at":"2024-02-01T08:00:00Z","op":"dance","person":"b"}"#, "line 6: op"),
        (#"{"at":"2024-02-01T08:00:00Z","op":"leave","person":"z"}"#, "line 6: person"),
    ])
    func `A malformed file leaves no trace`(_ line: String, _ word: String) async throws {
        try await Target.use { target in
            let migrated = try await Program.run("migrate", in: target.scratch, environment: target.environment)
            #expect(migrated.status == 0)
            let refused = try await target.run(SmallHistory.lines + [line])
            #expect(refused.status == 1)
            #expect(refused.errors.contains(word), "\(refused.errors)")
            #expect(try await target.events().isEmpty)
        }
    }

    @Test func `A missing file is reported`() async throws {
        try await Target.use { target in
            let missing = try await target.run(file: target.scratch.path("none"))
            #expect(missing.status == 1)
            #expect(missing.errors.contains("there is no such file"), "\(missing.errors)")
        }
    }

    /// An import that is interrupted at any moment and run again has the result of an uninterrupted one.
    @Test func `An interrupted import resumes`() async throws {
        try await Target.use { target in
            let (scratch, environment) = (target.scratch, target.environment)
            let history = ReportingHistory.generated(lines: 6000, seed: 11)
            let file = try scratch.write(history.lines, to: "history")
            let arguments = ["import", file, "--name", "Past", "--owner", "o@example.com"]
            let interruption = Interruption(
                progress: "select coalesce(max((data ->> 'line')::bigint), 0) from log.events",
                url: environment["DIRECTORY_DATABASE_URL"] ?? "")
            var interruptions = 0
            for signal in [SIGINT, SIGKILL, SIGTERM, SIGINT] {
                let outcome = try await interruption.run(arguments, with: signal, scratch, environment)
                #expect([0, 130, 143, -SIGKILL].contains(outcome.status), "\(outcome.errors)")
                if outcome.status != 0 { interruptions += 1 }
            }
            #expect(interruptions > 0)
            let last = try await target.run(file: file)
            #expect(last.status == 0, "\(last.errors)")
            #expect(last.output.contains("resumed after line"))
            let events = try await target.events()
            #expect(events.filter { $0["type"] == "organization.created" }.count == 1)
            let lines = events.compactMap { $0["data"]?["line"]?.integer }
            #expect(lines == lines.sorted())

            let other = Target(scratch: scratch, environment: try await Target.environment())
            #expect(try await other.run(file: file).status == 0)
            let whole = try await other.events().compactMap { $0["data"]?["line"]?.integer }
            #expect(lines == whole, "\(interruptions) interruptions")
        }
    }

    /// Groups that are nested, a cycle, and what is left of it when it is corrected.
    @Test func `Groups are imported, resumed and refused as people are`() async throws {
        func line(_ day: Int, _ fields: String) -> String { #"{"at":"2024-02-0\#(day)T09:00:00Z",\#(fields)}"# }
        let lines =
            SmallHistory.lines + [
                line(1, #""op":"group","group":"e","name":"Ingeniería","type":"DEPARTMENT""#),
                line(2, #""op":"group","group":"p","name":"Platform""#),
                line(3, #""op":"join","subgroup":"p","group":"e""#), line(4, #""op":"join","person":"b","group":"p""#),
            ]
        let cycle = line(5, #""op":"join","subgroup":"e","group":"p""#)
        let rest = [
            line(6, #""op":"group","group":"p","name":"Core""#),
            line(7, #""op":"leave_group","person":"b","group":"p""#),
            line(8, #""op":"ungroup","group":"p""#),
        ]
        try await Target.use { target in
            let refused = try await target.run(lines + [cycle] + rest)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("line 10: "), "\(refused.errors)")
            #expect(refused.output.contains("9 lines imported"))
            let mended = try await target.run(lines + rest)
            #expect(mended.status == 0, "\(mended.errors)")
            #expect(mended.output.contains("resumed after line 9"))
            let events = try await target.events()
            let groups = events.filter { $0["data"]?["line"]?.integer ?? 0 > 5 }
            #expect(
                groups.map { $0["type"]?.string } == [
                    "group.created", "group.created", "group.group_joined", "employee.group_joined", "group.renamed",
                    "employee.group_left", "group.deactivated",
                ])
            #expect(
                groups.map { $0["effectiveAt"]?.string?.prefix(10) }
                    == ["01", "02", "03", "04", "06", "07", "08"].map { "2024-02-\($0)" })
            let again = try await target.run(lines + rest)
            #expect(again.output.contains("0 lines imported, 0 events"))
            #expect(try await target.events() == events)
        }
    }
}
