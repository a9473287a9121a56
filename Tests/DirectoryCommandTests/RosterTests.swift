import CanonicalJSON
import Foundation
import TestSupport
import Testing

/// `directory import` of a spreadsheet.
@Suite struct RosterTests {
    private static let company = """
        Name;E-mail;Manager e-mail;Role;Group;Phone\r
        Zoë Lind;zoe@acme.example;ada@acme.example;Engineer;"Platform;On call";1\r
        Ada Keller;ada@acme.example;;Chief Executive Officer;;2\r
        Юлія Коваленко;yu@acme.example;zoe@acme.example;;Platform;3\r\n
        """

    private func run(
        _ text: String, _ target: ImportTests.Target, _ options: [String] = [], into organization: String? = nil
    ) async throws -> Outcome {
        let file = try target.scratch.write(("\u{FEFF}" + text).utf8, to: "roster-\(UUID().uuidString).csv")
        let place = organization.map { ["--organization", $0] } ?? ["--name", "Acme", "--owner", "o@example.com"]
        return try await Running(Program.path, ["import", file] + options + place, target.scratch, target.environment)
            .outcome()
    }

    @Test func `A roster is imported now, and again without an event`() async throws {
        try await ImportTests.Target.use { target in
            let dry = try await run(Self.company, target, ["--dry-run"])
            #expect(dry.status == 0, "\(dry.errors)")
            #expect(
                dry.lines == [
                    "line 2: makes the group Platform", "line 2: makes the group On call",
                    "line 2: adds Zoë Lind <zoe@acme.example>: Engineer, reports to Ada Keller, joins Platform, joins On call",
                    "line 3: adds Ada Keller <ada@acme.example>: Chief Executive Officer",
                    "line 4: adds Юлія Коваленко <yu@acme.example>: reports to Zoë Lind, joins Platform",
                    "This would be the result. Added: 3 people, 2 groups. Changed: 0 people. As they were: 0 people.",
                ])
            #expect(dry.errors == "Not imported, since nothing is known of such columns: Phone\n")
            #expect(try await target.events().isEmpty)

            let first = try await run(Self.company, target, ["--format", "csv"])
            #expect(first.status == 0, "\(first.errors)")
            #expect(
                first.output.hasPrefix(
                    "Added: 3 people, 2 groups. Changed: 0 people. As they were: 0 people.\norganization "))
            let events = try await target.events()
            let imported = events.filter { $0["data"]?["line"] != nil }
            #expect(
                imported.count == 10 && imported.allSatisfy { $0["effectiveAt"] == nil && $0["data"]?["import"] != nil }
            )
            #expect(events.count { $0["type"] == "organization.import_completed" } == 1)

            let again = try await run(Self.company, target)
            #expect(again.lines.first == "Added: 0 people. Changed: 0 people. As they were: 3 people.")
            #expect(again.lines.last == first.lines.last, "the organization of that name and owner is not made twice")
            #expect(try await target.events() == events)
        }
    }

    @Test func `A later roster changes what differs, and says so before`() async throws {
        try await ImportTests.Target.use { target in
            let first = try await run(Self.company, target)
            let organization = try #require(first.lines.last?.split(separator: " ").last.map(String.init))
            let later =
                "email,manager_email,role,location\nyu@acme.example,ada@acme.example,Lead,\nADA@acme.example,,,Łódź\n"
            let dry = try await run(later, target, ["--dry-run"], into: organization)
            #expect(
                dry.lines.prefix(3) == [
                    "line 2: changes Юлія Коваленко <yu@acme.example>: role Lead, reports to Ada Keller instead of Zoë Lind",
                    "line 3: changes Ada Keller <ADA@acme.example>: location Łódź",
                    "This would be the result. Added: 0 people. Changed: 2 people. As they were: 0 people.",
                ], "\(dry.errors)")
            let count = try await target.events().count
            #expect(try await run(later, target, into: organization).status == 0)
            #expect(try await target.events().count == count + 6)
        }
    }

    @Test func `Bad rows are all named and nothing is imported, unless they are left out`() async throws {
        try await ImportTests.Target.use { target in
            let text =
                "name,email,manager\nAda,ada@acme.example,\nBo,bo,ada@acme.example\nCy,cy@acme.example,nobody@acme.example\n"
            for options in [[], ["--dry-run"]] {
                let refused = try await run(text, target, options)
                #expect(refused.status == 1 && refused.output.isEmpty)
                #expect(refused.errors.contains("line 3: email: it is not an e-mail address"))
                #expect(
                    refused.errors.contains("line 4: manager: nobody in the file or the directory has this address"))
                #expect(refused.errors.contains("nothing was imported") && refused.errors.contains("--skip-bad"))
                #expect(try await target.events().isEmpty)
            }
            let skipped = try await run(text, target, ["--skip-bad"])
            #expect(skipped.status == 0, "\(skipped.errors)")
            #expect(skipped.errors.contains("line 3: email"))
            #expect(skipped.output.contains("Added: 1 person. ") && skipped.output.contains("Left out: 2 bad rows."))
            #expect(try await target.events().count { $0["type"] == "employee.created" } == 1)
        }
    }

    /// More rows than one append takes, with managers after their reports.
    @Test func `A large roster is imported in several appends`() async throws {
        try await ImportTests.Target.use { target in
            let rows = (0..<1200).map { index in
                let manager = index < 1199 ? "p\((index + 1200) / 2)@acme.example" : ""
                return "Person \(index),p\(index)@acme.example,\(manager),Group \(index % 9)"
            }
            let text = (["name,email,manager_email,group"] + rows).joined(separator: "\n")
            let outcome = try await run(text, target)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let events = try await target.events()
            #expect(events.count { $0["type"] == "employee.created" } == 1200)
            #expect(events.count { $0["type"] == "employee.manager_assigned" } == 1199)
            #expect(events.count { $0["type"] == "employee.group_joined" } == 1200)
            #expect(try await run(text, target).output.contains("As they were: 1,200 people"))
        }
    }

    @Test func `What cannot be read is said, and options that fit no roster are refused`() async throws {
        try await ImportTests.Target.use { target in
            let open = try await run("email,name\na@x.de,\"Ada\n", target)
            #expect(
                open.status == 1
                    && open.errors.contains("line 2: a quotation mark that begins a cell here is never closed"))
            let history = try await Program.run(
                "import", "history", "--dry-run", "--name", "A", "--owner", "o@x.de", in: target.scratch,
                environment: target.environment)
            #expect(history.status == 64 && history.errors.contains("--format csv"), "\(history.errors)")
        }
    }
}
