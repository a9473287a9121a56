import Foundation
import TestSupport
import Testing

/// `directory verify` on logs that are as they were written.
@Suite struct VerifyTests {
    @Test func `A log as it was written is verified, in the database and as an export`() async throws {
        try await ImportedLog.use { log in
            let kept = try await log.serve { service, token in
                let kept = try await log.keepCheckpoint(service, token)
                let made = try await service.send(
                    "POST", "/api/v1/account", token: token, json: #"{"email":"later@example.com"}"#)
                #expect(made.status == 201)
                // While the service runs.
                let verified = try await log.directory("verify")
                #expect(verified.status == 0, "\(verified.errors)")
                return kept
            }
            let verified = try await log.directory("verify", "--checkpoint", kept)
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.errors.isEmpty)
            #expect(
                verified.lines.map { $0.prefix { $0 != ":" } } == ["log", "checkpoint", "checkpoint", "read models"])
            let head = try await log.head()
            #expect(verified.output.contains("of \(head - 1) events"))
            // What it made to compare with is gone.
            let left = "select count(*) from pg_namespace where nspname like '%\\_rebuild'"
            #expect(try await log.database.number(left) == 0)

            let export = try await log.directory("export")
            let file = try log.scratch.write(export.output.utf8, to: "export")
            // Without a database, and without its keys.
            let offline = try await Running(
                Program.path,
                ["verify", "--export", file, "--checkpoint", kept, "--vkey", log.scratch.path("vkey")], log.scratch
            ).outcome()
            #expect(offline.status == 0, "\(offline.errors)")
            #expect(offline.lines.first == verified.lines.first)
            let piped = try await Program.shell(
                #""$DIRECTORY" verify --export - < \#(file)"#, in: log.scratch, environment: log.environment)
            #expect(piped.lines == [offline.lines[0]])
        }
    }

    @Test func `A checkpoint that none of the keys has signed is not trusted`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            let kept = try await log.serve { try await log.keepCheckpoint($0, $1) }
            let text = try String(contentsOfFile: kept, encoding: .utf8)
            let size = "\n\(try await log.head())\n"
            #expect(text.contains(size))
            let changed = try log.scratch.write(text.replacing(size, with: "\n7\n").utf8, to: "changed")
            let stranger = try log.scratch.write(
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n".utf8, to: "stranger")
            for (checkpoint, keys) in [(changed, log.scratch.path("vkey")), (kept, stranger)] {
                let outcome = try await log.directory(
                    "verify", "--log-only", "--checkpoint", checkpoint, "--vkey", keys)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("the checkpoint in \(checkpoint) is not trusted"), "\(outcome.errors)")
            }
        }
    }

    @Test func `An empty log is verified`() async throws {
        try await Scratch.use { scratch in
            let environment = ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]
            #expect(try await Program.run("migrate", in: scratch, environment: environment).status == 0)
            let verified = try await Program.run("verify", in: scratch, environment: environment)
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.lines.first?.hasPrefix("log: 0 events, root 47DEQpj8HBSa+") == true)
        }
    }

    @Test func `What is not an export or not a checkpoint is refused, and says why`() async throws {
        try await Scratch.use { scratch in
            let text = try scratch.write("nothing\n".utf8, to: "text")
            let part = try scratch.write(
                #"{"format":"directory-log@1","log":"01890000-0000-7000-8000-000000000000","after":5,"through":9}"#
                    .utf8,
                to: "part")
            for (arguments, words) in [
                (["--export", text], "not an export"), (["--export", part], "begins after position 5"),
                (["--export", scratch.path("none")], "cannot be read"),
                (["--export", part, "--checkpoint", text], "not a checkpoint"),
                (["--export", part, "--vkey", text], "not a verifier key"),
            ] {
                let outcome = try await Running(Program.path, ["verify"] + arguments, scratch).outcome()
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
        }
    }

    @Test func `A read model that is not what the log says is found, with the position of its first wrong row`()
        async throws
    {
        try await ImportedLog.use { log in
            let row = "(select id from employees_v1.current order by since desc limit 1)"
            let schema = try await log.database.texts(
                "select name || '_v' || version from log.projections where name = 'employees'")
            let table = "\(try #require(schema.first).filter { $0 != "(" && $0 != ")" }).current"
            let since = try await log.database.number("select max(since) from \(table)")
            try await log.tamper(
                "update \(table) set status = 'INACTIVE' where id = \(row.replacing("employees_v1.current", with: table))"
            )
            let verified = try await log.directory("verify")
            #expect(verified.status == 1)
            #expect(verified.errors.contains("position \(since): rows of employees.current"), "\(verified.errors)")
            #expect(try await log.directory("verify", "--log-only").status == 0)
            // As it says, a rebuild mends it.
            #expect(try await log.directory("rebuild", "employees").status == 1)
            #expect(try await log.directory("verify").status == 0)
        }
    }

    @Test func `An export that was changed is found, with the position`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            let lines = try await log.directory("export").lines
            func verify(_ lines: [String]) async throws -> Outcome {
                let file = try log.scratch.write(lines.map { $0 + "\n" }.joined().utf8, to: UUID().uuidString)
                return try await log.directory("verify", "--export", file)
            }
            func changed(_ position: Int, _ from: String, _ to: String) -> [String] {
                var lines = lines
                lines[position] = lines[position].replacing(from, with: to)
                return lines
            }
            #expect(try await verify(lines).status == 0)
            var swapped = lines
            swapped.swapAt(20, 21)
            let last = lines.count - 1
            let wrongs: [(Int, [String])] = [
                (10, changed(10, #""actorRole":"SYSTEM""#, #""actorRole":"OWNER""#)),
                (11, changed(11, #""text":{"#, #""text":{"a":1,"#)),
                (12, changed(12, #""type":"#, #""kind":1,"type":"#)),
                (20, swapped), (last, Array(lines.dropLast())), (30, Array(lines[..<30] + lines[31...])),
                (last, lines.dropLast() + [String(lines[last].dropLast(40))]),
            ]
            for (position, wrong) in wrongs {
                #expect(wrong != lines)
                let outcome = try await verify(wrong)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("position \(position): "), "\(outcome.errors)")
            }
        }
    }
}
