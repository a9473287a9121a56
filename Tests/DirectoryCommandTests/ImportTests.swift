import CanonicalJSON
import Foundation
import TestSupport
import Testing

/// `directory import`, run once and repeatedly.
@Suite struct ImportTests {
    private static func withDatabase(_ body: (Scratch, [String: String]) async throws -> Void) async throws {
        try await Scratch.use { scratch in
            try await body(scratch, ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url])
        }
    }

    private static func events(_ scratch: Scratch, _ environment: [String: String]) async throws -> [JSON] {
        try await Program.run("export", in: scratch, environment: environment).lines.map {
            try JSON(parsing: Array($0.utf8))
        }
    }

    private static func organization(_ outcome: Outcome) throws -> String {
        try #require(outcome.lines.last { $0.hasPrefix("organization ") }?.split(separator: " ").last.map(String.init))
    }

    @Test func `An import of the same file, or with lines added, resumes`() async throws {
        try await Self.withDatabase { scratch, environment in
            func run(_ lines: some Sequence<String>) async throws -> Outcome {
                let file = try scratch.write(history: lines)
                return try await Program.run(
                    "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            }
            let first = try await run(SmallHistory.lines.prefix(3))
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("3 lines imported"))
            #expect(first.errors.isEmpty, "progress in a pipe")
            let before = try await Self.events(scratch, environment)

            let again = try await run(SmallHistory.lines.prefix(3))
            #expect(again.status == 0)
            #expect(again.output.contains("0 lines imported, 0 events"))
            #expect(try await Self.events(scratch, environment) == before)

            let more = try await run(SmallHistory.lines)
            #expect(more.output.contains("resumed after line 3"))
            #expect(more.output.contains("2 lines imported"))
            #expect(try Self.organization(more) == Self.organization(first))
            let shorter = try await run(SmallHistory.lines.prefix(3))
            #expect(shorter.output.contains("0 lines imported, 0 events"))

            let events = try await Self.events(scratch, environment)
            #expect(events.compactMap { $0["data"]?["line"]?.integer } == [1, 2, 2, 3, 4, 5])
            let hired = try #require(events.first { $0["type"] == "employee.created" })
            #expect(hired["effectiveAt"] == "2024-01-01T09:00:00.000000Z")
            #expect(hired["actorRole"] == "SYSTEM")
            let made = try #require(events.first { $0["type"] == "organization.created" })
            #expect(made["effectiveAt"] == "2024-01-01T09:00:00.000000Z")
        }
    }

    @Test func `Another file that begins before the last import is refused`() async throws {
        try await Self.withDatabase { scratch, environment in
            let whole = try scratch.write(history: SmallHistory.lines)
            let first = try await Program.run(
                "import", whole, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            let organization = try Self.organization(first)
            let events = try await Self.events(scratch, environment)
            let other = try scratch.write(
                history: [#"{"at":"2024-01-04T23:00:00Z","op":"hire","person":"c","name":"C","email":"c@example.com"}"#]
            )
            let refused = try await Program.run(
                "import", other, "--organization", organization, in: scratch, environment: environment)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("before 2024-01-05T09:00:00.000000Z"))
            #expect(try await Self.events(scratch, environment) == events)

            let later = try scratch.write(
                history: [#"{"at":"2024-01-05T09:00:00Z","op":"hire","person":"c","name":"C","email":"c@example.com"}"#]
            )
            let accepted = try await Program.run(
                "import", later, "--organization", organization, in: scratch, environment: environment)
            #expect(accepted.status == 0, "\(accepted.errors)")
            let unknown = try await Program.run(
                "import", later, "--organization", UUID().uuidString, in: scratch, environment: environment)
            #expect(unknown.status == 1)
            #expect(unknown.errors.contains("There is no such organization"))
        }
    }

    @Test func `The first refused line is named and can be corrected`() async throws {
        try await Self.withDatabase { scratch, environment in
            func run(_ lines: [String]) async throws -> Outcome {
                let file = try scratch.write(history: lines)
                return try await Program.run(
                    "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            }
            let cycle = #"{"at":"2024-01-03T10:00:00Z","op":"set_manager","person":"a","manager":"b"}"#
            let refused = try await run(Array(SmallHistory.lines[..<3]) + [cycle] + Array(SmallHistory.lines[3...]))
            #expect(refused.status == 1)
            #expect(refused.errors.contains("line 4: "))
            #expect(refused.output.contains("3 lines imported"))

            let mended = try await run(SmallHistory.lines)
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
        try await Self.withDatabase { scratch, environment in
            #expect(try await Program.run("migrate", in: scratch, environment: environment).status == 0)
            let file = try scratch.write(history: SmallHistory.lines + [line])
            let refused = try await Program.run(
                "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: environment)
            #expect(refused.status == 1)
            #expect(refused.errors.contains(word), "\(refused.errors)")
            #expect(try await Self.events(scratch, environment).isEmpty)
            let missing = try await Program.run(
                "import", scratch.path("none"), "--name", "Past", "--owner", "o@example.com", in: scratch,
                environment: environment)
            #expect(missing.status == 1)
            #expect(missing.errors.contains("there is no such file"), "\(missing.errors)")
        }
    }

    /// An import that is interrupted at any moment and run again has the result of an uninterrupted one.
    @Test func `An interrupted import resumes`() async throws {
        try await Self.withDatabase { scratch, environment in
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
            let last = try await Running(Program.path, arguments, scratch, environment).outcome()
            #expect(last.status == 0, "\(last.errors)")
            #expect(last.output.contains("resumed after line"))
            let events = try await Self.events(scratch, environment)
            #expect(events.filter { $0["type"] == "organization.created" }.count == 1)
            let lines = events.compactMap { $0["data"]?["line"]?.integer }
            #expect(lines == lines.sorted())

            let other = ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]
            #expect(try await Running(Program.path, arguments, scratch, other).outcome().status == 0)
            let whole = try await Self.events(scratch, other).compactMap { $0["data"]?["line"]?.integer }
            #expect(lines == whole, "\(interruptions) interruptions")
        }
    }
}
