import CanonicalJSON
import Crypto
import Foundation
import TestSupport
import Testing

/// `audit` and `export`.
@Suite struct LogTests {
    private static func withLog(_ body: (Scratch, [String: String]) async throws -> Void) async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
            ]
            let arguments = ["--bootstrap-admin", "admin@directory.localhost", "--demo"]
            try await Service.use(arguments, in: scratch, environment: environment) { service in
                let made = try await service.send(
                    "POST", "/api/v1/employee", token: service.token,
                    json: #"{"name":"É \"x\"","email":"e@acme.example"}"#)
                #expect(made.status == 201)
            }
            try await body(scratch, environment)
        }
    }

    @Test func `The audit trail is printed as a table or as lines of JSON`() async throws {
        try await Self.withLog { scratch, environment in
            let table = try await Program.run("audit", "--limit", "5000", in: scratch, environment: environment)
            #expect(table.status == 0)
            #expect(table.lines.first?.hasPrefix("POSITION  TIME") == true)
            #expect(table.lines.contains { $0.contains("employee.created") && $0.contains("Ada Keller") })

            let json = try await Program.run(
                "audit", "--json", "--limit", "5000", in: scratch, environment: environment)
            let entries = try json.lines.map { try JSON(parsing: Array($0.utf8)) }
            #expect(entries.count == table.lines.count - 1)
            #expect(entries.map { $0["position"]?.integer } == (1...Int64(entries.count)).map { $0 })
            let organization = try #require(entries.last?["organization"]?.string)
            let newest = try #require(entries.last?["targets"]?.array?.first?["id"]?.string)

            let filtered = try await Program.run(
                "audit", "--json", "--entity", newest, "--organization", organization, "--type", "employee.*",
                "--entity-type", "employee", "--order", "desc", "--limit", "1", in: scratch, environment: environment)
            #expect(filtered.lines == [try #require(json.lines.last)])
            let none = try await Program.run(
                "audit", "--json", "--until", "2020-01-01T00:00:00Z", in: scratch, environment: environment)
            #expect(none.status == 0)
            #expect(none.output.isEmpty)
        }
    }

    @Test func `What differs between two moments is printed as a table or as lines of JSON`() async throws {
        try await Self.withLog { scratch, environment in
            func diff(_ arguments: String...) async throws -> Outcome {
                try await Running(Program.path, ["diff", "--organization", "acme"] + arguments, scratch, environment)
                    .outcome()
            }
            let table = try await diff("--from", "0")
            #expect(table.status == 0, "\(table.errors)")
            #expect(table.lines.first?.hasPrefix("NAME ") == true && table.lines.first?.hasSuffix("POSITIONS") == true)
            #expect(
                table.lines.contains { $0.contains("Ada Keller") && $0.contains("/status") && $0.contains("ACTIVE") })
            // Managers and groups are shown by their names.
            let lines = table.lines.filter { $0.contains(" /managers ") }
            #expect(!lines.isEmpty && lines.allSatisfy { $0.contains(" DIRECT ") || $0.contains(" DOTTED_LINE ") })
            #expect(lines.allSatisfy { !$0.contains("-7") }, "an id without a name: \(lines.first ?? "")")

            let json = try await diff("--from", "0", "--json")
            let entities = try json.lines.map { try JSON(parsing: Array($0.utf8)) }
            let fields = entities.flatMap { $0["changes"]?.array ?? [] }
            #expect(!entities.isEmpty && fields.count == table.lines.count - 1)
            let newest = try #require(entities.last)
            #expect(newest["name"] == "É \"x\"" && newest["entityType"] == "EMPLOYEE")
            let position = try #require(newest["positions"]?.array?.first?.integer)
            #expect(try await diff("--from", "\(position - 1)", "--json").lines == [json.lines.last ?? ""])
            #expect(try await diff("--from", "\(position)", "--json").output.isEmpty)

            let unknown = try await Program.run(
                "diff", "--organization", "none", "--from", "0", in: scratch, environment: environment)
            #expect(unknown.status == 1 && unknown.errors.contains("There is no organization none"))
            for (arguments, word) in [
                (["--from", "\(position)", "--to", "1"], "--from is after --to"),
                (["--from", "999999"], "has not come yet"),
                (["--from", "0", "--to", "2999-01-01T00:00:00Z"], "has not come yet"),
            ] {
                let refused = try await Running(
                    Program.path, ["diff", "--organization", "acme"] + arguments, scratch, environment
                ).outcome()
                #expect(refused.status == 1 && refused.errors.contains(word), "\(refused.errors)")
            }
        }
    }

    /// An exported line suffices to check the event: its commitments open, and its leaf is the hash of its entry.
    @Test func `An export is the whole log`() async throws {
        try await Self.withLog { scratch, environment in
            let export = try await Program.run("export", in: scratch, environment: environment)
            #expect(export.status == 0)
            #expect(export.errors.isEmpty)
            let header = try JSON(parsing: Array(try #require(export.lines.first).utf8))
            let events = try export.lines.dropFirst().map { try JSON(parsing: Array($0.utf8)) }
            #expect(header["format"] == "directory-log@1")
            #expect(header["origin"]?.string == "directory.localhost/\(header["log"]?.string ?? "")")
            #expect(header["after"] == 0)
            #expect(header["through"]?.integer == Int64(events.count))
            #expect(events.map { $0["position"]?.integer } == (1...Int64(events.count)).map { $0 })
            for event in events { try check(event) }
            #expect(export.output.contains(#""name":"É \"x\"""#))

            let rest = try await Program.run("export", "--after", "10", in: scratch, environment: environment)
            #expect(rest.lines.first?.contains(#""after":10,"#) == true)
            #expect(Array(rest.lines.dropFirst()) == Array(export.lines.dropFirst(11)))
        }
    }

    @Test func `An export of the trail is filtered as the trail is, in each of its formats`() async throws {
        try await Self.withLog { scratch, environment in
            let filter = ["--type", "employee.created"]
            func export(_ arguments: String...) async throws -> Outcome {
                try await Running(Program.path, ["export"] + arguments + filter, scratch, environment).outcome()
            }
            let trail = try await Running(
                Program.path, ["audit", "--json", "--limit", "5000"] + filter, scratch, environment
            ).outcome()
            let lines = try await export("--format", "ndjson")
            #expect(lines.status == 0, "\(lines.errors)")
            #expect(lines.output == trail.output)
            #expect(lines.lines.count > 50)
            let events = try await export("--format", "cloudevents").lines.map { try JSON(parsing: Array($0.utf8)) }
            #expect(events.map { $0["data"] } == (try lines.lines.map { try JSON(parsing: Array($0.utf8)) }))
            let table = try await export("--format", "csv")
            #expect(table.output.hasPrefix("position,id,time,"))
            let position = try #require(events.first?["data"]?["position"]?.integer)
            let rest = try await export("--format", "ndjson", "--after", "\(position)")
            #expect(rest.lines == Array(lines.lines.dropFirst()))
        }
    }

    private func check(_ event: JSON) throws {
        var entry: [JSON.Member] = []
        for member in event.members ?? [] where member.name != "leafHash" {
            guard ["sealed", "origin"].contains(member.name) else {
                entry.append(member)
                continue
            }
            let text = try #require(member.value["text"]).canonicalBytes()
            let salt = try bytes(#require(member.value["salt"]?.string))
            let hash = HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: salt))
            #expect(hexadecimal(hash) == member.value["hash"]?.string)
            entry.append(JSON.Member(name: member.name, value: try #require(member.value["hash"])))
        }
        let leaf = SHA256.hash(data: [0] + JSON.object(entry).canonicalBytes())
        #expect(hexadecimal(leaf) == event["leafHash"]?.string)
    }

    @Test func `A reader that closes the pipe is not an error`() async throws {
        try await Self.withLog { scratch, environment in
            let line = #"set -o pipefail; "$DIRECTORY" export | head -n 1"#
            let outcome = try await Program.shell(line, in: scratch, environment: environment)
            #expect([0, 141].contains(outcome.status))
            #expect(outcome.lines.count == 1)
            #expect(outcome.errors.isEmpty)
        }
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        let digits = Array(text)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0..<min($0 + 2, digits.count)]), radix: 16))
        }
    }
}
