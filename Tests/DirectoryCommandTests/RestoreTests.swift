import CanonicalJSON
import Crypto
import Foundation
import TestSupport
import Testing

/// `directory restore`.
@Suite struct RestoreTests {
    /// An empty database, for the same keys.
    private struct Copy {
        let log: ImportedLog
        let database: TestDatabase
        let environment: [String: String]

        init(of log: ImportedLog) async throws {
            self.log = log
            database = try await TestDatabase.make()
            environment = log.environment.merging(["DIRECTORY_DATABASE_URL": database.url]) { $1 }
        }

        func directory(_ arguments: String...) async throws -> Outcome {
            try await Running(Program.path, arguments, log.scratch, environment).outcome()
        }

        /// Runs `body` with a service on it.
        func serve<T>(_ body: (Service) async throws -> T) async throws -> T {
            try await Service.use(
                ["--bootstrap-admin", "admin@directory.localhost"], in: log.scratch, environment: environment, body)
        }
    }

    private func export(_ log: ImportedLog, as name: String = "export") async throws -> String {
        let file = log.scratch.path(name)
        let exported = try await Program.shell(
            #""$DIRECTORY" export > '\#(file)'"#, in: log.scratch, environment: log.environment)
        try #require(exported.status == 0, "\(exported.errors)")
        return file
    }

    /// The rows of all read models, by table.
    private func rows(_ database: TestDatabase) async throws -> [String: [String]] {
        var rows: [String: [String]] = [:]
        let served = try await database.query("select name || '_v' || version from log.projections order by 1")
        for schema in try served.indices.map({ try served[$0].text(0) }) {
            for table in ["current", "past"] {
                rows["\(schema).\(table)"] = try await database.texts("select * from \(schema).\(table)").sorted()
            }
        }
        return rows
    }

    /// A token that a key of an organization signs.
    private func token(of account: String, _ key: (id: String, secret: [UInt8])) -> String {
        func encoded(_ bytes: some Sequence<UInt8>) -> String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=", with: "")
        }
        let parts = [#"{"alg":"HS256","kid":"\#(key.id)"}"#, #"{"sub":"\#(account)","exp":4102444800}"#]
        let signed = parts.map { encoded($0.utf8) }.joined(separator: ".")
        let signature = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: SymmetricKey(data: key.secret))
        return "\(signed).\(encoded(signature))"
    }

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The types of events that the page of events lists.
    private static func documentedTypes() throws -> Set<String> {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/events.md"), encoding: .utf8)
        return Set(page.matches(of: /(?m)^\| `([a-z]+\.[a-z_]+)` \|/).map { String($0.1) })
    }

    @Test(.timeLimit(.minutes(10)))
    func `A log with every kind of event is restored: hashes, rows and answers are the same bytes`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            let cycle = #"{"at":"2024-01-03T10:00:00Z","op":"set_manager","person":"a","manager":"b"}"#
            let stopping = try log.scratch.write(history: SmallHistory.lines[..<3] + [cycle])
            let stopped = try await log.directory(
                "import", stopping, "--name", "Stopped", "--owner", "o@example.com")
            #expect(stopped.status == 1)
            let (eventful, file, answers) = try await log.serve { service, token in
                let eventful = try await EventfulLog.make(service, token)
                let types = try await log.database.texts("select distinct type from log.events")
                let happened = Set(types.map { String($0.dropFirst().dropLast()) })
                let missing = try Self.documentedTypes().subtracting(happened)
                #expect(missing == [])
                #expect(try await service.get("/api/v1/account/me", token: keyToken(eventful)).status == 200)
                let found = try await secretIsFound(eventful, service)
                #expect(found)
                _ = try await log.keepCheckpoint(service, token)
                return (eventful, try await export(log), try await eventful.answers(of: service))
            }
            let copy = try await Copy(of: log)
            let kept = log.scratch.path("kept")
            let restored = try await copy.directory(
                "restore", file, "--checkpoint", kept, "--vkey", log.scratch.path("vkey"))
            #expect(restored.status == 0, "\(restored.errors)")
            #expect(
                restored.lines.map { $0.prefix { $0 != ":" } } == ["log", "checkpoint", "read models", "restored"],
                "\(restored.output)")

            let again = try await Program.shell(
                #""$DIRECTORY" export | cmp - '\#(file)'"#, in: log.scratch, environment: copy.environment)
            #expect(again.status == 0, "\(again.output)")
            let original = try await rows(log.database)
            #expect(original.count > 20)
            let rows = try await rows(copy.database)
            for (table, expected) in original { #expect(rows[table] == expected, "\(table)") }
            try await copy.serve { service in
                for (old, new) in zip(answers, try await eventful.answers(of: service)) {
                    #expect(old.status == 200, "\(old)")
                    #expect(new.status == old.status, "\(new)")
                    #expect(new.text == old.text, "\(new.path)")
                }
                // What no log has is not restored.
                #expect(try await service.get("/api/v1/account/me", token: keyToken(eventful)).status == 401)
                let isFound = try await secretIsFound(eventful, service)
                #expect(!isFound)
                // The log goes on, under its name and its key.
                let made = try await service.send(
                    "POST", "/api/v1/account", token: eventful.token, json: #"{"email":"later@example.com"}"#)
                #expect(made.status == 201)
                let witnessed = try await Running(
                    Program.path,
                    [
                        "witness", "--url", "http://127.0.0.1:\(service.port)", "--vkey", log.scratch.path("vkey"),
                        "--file", kept,
                    ], log.scratch, ["DIRECTORY_TOKEN": eventful.token]
                ).outcome()
                #expect(witnessed.output.hasPrefix("consistent: "), "\(witnessed.errors)")
            }
            #expect(try await copy.directory("verify", "--checkpoint", kept).status == 0)
        }
    }

    private func keyToken(_ eventful: EventfulLog) -> String { token(of: eventful.account, eventful.key) }

    private func secretIsFound(_ eventful: EventfulLog, _ service: Service) async throws -> Bool {
        let answer = try await service.send(
            "POST", "/api/v1/organization/by-app-secret/SLACK/token", token: eventful.token,
            json: #"{"secret":"two"}"#)
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json.array?.isEmpty == false
    }

    @Test(.timeLimit(.minutes(10)))
    func `A restore that was killed goes on, serves nothing before it has ended, and takes no other file`() async throws
    {
        try await ImportedLog.use(lines: 3_000) { log in
            try await log.serve { _, _ in }
            let file = try await export(log)
            let copy = try await Copy(of: log)
            let interruption = Interruption(
                progress: "select coalesce(max(position), 0) from log.events", url: copy.database.url)
            let killed = try await interruption.run(["restore", file], with: SIGKILL, log.scratch, copy.environment)
            #expect(killed.status == -SIGKILL, "\(killed.output)")
            // What the server was carrying out when its client was killed may still be committed.
            let working =
                "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'directory%'"
            while try await copy.database.number(working) > 0 { try await Task.sleep(for: .milliseconds(20)) }
            let done = try await copy.database.number("select max(position) from log.events")
            #expect(done > 0)
            for arguments in [["serve", "--port", "0"], ["export"], ["verify"], ["migrate"], ["rebuild"]] {
                let refused = try await Running(Program.path, arguments, log.scratch, copy.environment).outcome()
                #expect(refused.status == 1)
                #expect(refused.errors.contains("is being restored"), "\(arguments) \(refused.errors)")
            }
            // The same line of another log, whose name is the same.
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            let another = #""log":"01890000-0000-7000-8000-000000000000""#
            let header = String(lines[0]).replacing(/"log":"[^"]*"/, with: another)
            let other = try log.scratch.write("\(header)\n".utf8, to: "other")
            let refused = try await copy.directory("restore", other)
            #expect(refused.errors.contains("was being restored into this database"), "\(refused.errors)")
            // An event that the database has from the first file is compared.
            try await interruptedPrefix(copy, lines, done)

            let restored = try await copy.directory("restore", file)
            #expect(restored.status == 0, "\(restored.errors)")
            #expect(restored.lines.first == "going on after position \(done)")
            let again = try await Program.shell(
                #""$DIRECTORY" export | cmp - '\#(file)'"#, in: log.scratch, environment: copy.environment)
            #expect(again.status == 0, "\(again.output)")
            // Once restored it is a database like any other.
            let full = try await copy.directory("restore", file)
            #expect(full.status == 1)
            #expect(full.errors.contains("is in use"), "\(full.errors)")
        }
    }

    /// A text and its salt are not in the leaf: a file without them is another one.
    private func interruptedPrefix(_ copy: Copy, _ lines: [Substring], _ done: Int64) async throws {
        try await copy.database.query(
            """
            do $$ begin
                set local session_replication_role = replica;
                update log.events set sealed = null, sealed_salt = null where position = 2 and sealed is not null;
            end $$
            """)
        let file = try copy.log.scratch.write(lines.joined(separator: "\n").utf8, to: "whole")
        let refused = try await copy.directory("restore", file)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("whole:3: the database has another event here"), "\(refused.errors)")
        let text = lines[2].firstMatch(of: /"sealed":\{"text":(.*),"salt":"([0-9a-f]{64})"/)
        let sealed = try #require(text, "\(lines[2])")
        try await copy.database.query(
            """
            do $$ begin
                set local session_replication_role = replica;
                update log.events set sealed = '\(sealed.1.replacing("'", with: "''"))', sealed_salt = '\\x\(sealed.2)'
                where position = 2;
            end $$
            """)
    }

    @Test(.timeLimit(.minutes(10)))
    func `A file that is wrong is refused with the number of its line, and nothing is served`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            try await log.serve { _, _ in }
            let lines = try String(contentsOfFile: try await export(log), encoding: .utf8).split(separator: "\n")
                .map(String.init)
            func changed(_ line: Int, _ from: String, _ to: String) -> [String] {
                var lines = lines
                lines[line - 1] = lines[line - 1].replacing(from, with: to)
                return lines
            }
            var swapped = lines
            swapped.swapAt(20, 21)
            let last = lines.count
            let trail = try await log.directory("audit", "--json")
            let filtered = try await log.directory("export", "--after", "10")
            let wrongs: [(line: Int, words: String, file: [String])] = [
                (1, "not an export of a log", trail.lines), (1, "not an export of a log", []),
                (1, "begins after position 10", filtered.lines),
                (1, "has no name", changed(1, #""origin":"#, #""other":"#)),
                (
                    11, "not the one that its leaf hashes",
                    changed(11, #""actorRole":"SYSTEM""#, #""actorRole":"OWNER""#)
                ),
                (12, "is not what was committed to", changed(12, #""text":{"#, #""text":{"a":1,"#)),
                (13, "`kind` is unknown", changed(13, #""type":"#, #""kind":1,"type":"#)),
                (14, "cannot be read", changed(14, #""schema":1"#, #""schema":100000"#)),
                (21, "the event is missing", swapped),
                (31, "the event is missing", Array(lines[..<30] + lines[31...])),
                (last, "its line is not an event", lines.dropLast() + [String(lines[last - 1].dropLast(40))]),
                (last, "the file ends after \(last - 2) events", Array(lines.dropLast())),
                (last, "after the last one that the first line names", changed(1, "\(last - 1)}", "\(last - 2)}")),
                (2, "the text of `sealed` is missing", unsealed(lines)),
            ]
            for (line, words, file) in wrongs {
                #expect(file != lines)
                let copy = try await Copy(of: log)
                let path = try log.scratch.write(file.map { $0 + "\n" }.joined().utf8, to: UUID().uuidString)
                let refused = try await copy.directory("restore", path)
                #expect(refused.status == 1, "\(words)")
                #expect(refused.errors.contains("\(path):\(line): "), "\(words): \(refused.errors)")
                #expect(refused.errors.contains(words), "\(refused.errors)")
                guard line > 1 else { continue }
                let served = try await copy.directory("serve", "--port", "0")
                #expect(served.status == 1)
                #expect(served.errors.contains("is being restored"), "\(served.errors)")
            }
        }
    }

    /// Without the text of the first event's commitment, although nobody was erased.
    private func unsealed(_ lines: [String]) -> [String] {
        var lines = lines
        lines[1] = lines[1].replacing(/"sealed":\{"text":.*?"salt":"[0-9a-f]{64}",/, with: #""sealed":{"#)
        return lines
    }

    @Test func `Nothing is restored into a database in use, nor a log that a kept checkpoint contradicts`() async throws
    {
        try await ImportedLog.use(lines: 60) { log in
            let kept = try await log.serve { service, token in
                let made = try await service.send(
                    "POST", "/api/v1/account", token: token, json: #"{"email":"later@example.com"}"#)
                #expect(made.status == 201)
                return try await log.keepCheckpoint(service, token)
            }
            let file = try await export(log)
            let inUse = try await log.directory("restore", file)
            #expect(inUse.status == 1)
            #expect(inUse.errors.contains("is in use"), "\(inUse.errors)")
            // It lacks the last event, and says so itself.
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
            let through = lines.count - 1
            let shorter = [lines[0].replacing("\(through)}", with: "\(through - 1)}")] + lines.dropFirst().dropLast()
            let path = try log.scratch.write(shorter.map { $0 + "\n" }.joined().utf8, to: "shorter")
            let copy = try await Copy(of: log)
            let vkey = log.scratch.path("vkey")
            let refused = try await copy.directory("restore", path, "--checkpoint", kept, "--vkey", vkey)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("the event is missing"), "\(refused.errors)")
            #expect(try await copy.directory("serve", "--port", "0").errors.contains("is being restored"))
            // The whole file goes on from there. A database that has only been migrated is empty.
            #expect(try await copy.directory("restore", file, "--checkpoint", kept, "--vkey", vkey).status == 0)
            let migrated = try await Copy(of: log)
            #expect(try await migrated.directory("migrate").status == 0)
            let piped = try await Program.shell(
                #""$DIRECTORY" restore - < '\#(file)'"#, in: log.scratch, environment: migrated.environment)
            #expect(piped.status == 0, "\(piped.errors)")
            for arguments in [["restore"], ["restore", file, "--checkpoint", kept]] {
                let usage = try await Running(Program.path, arguments, log.scratch, copy.environment).outcome()
                #expect(usage.status == 64)
            }
        }
    }

    @Test func `The commands of the page for operators back a log up and restore it`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            _ = try await log.serve { try await log.keepCheckpoint($0, $1, as: "checkpoint") }
            let page = try String(
                contentsOf: Self.repository.appendingPathComponent("docs/operating.md"), encoding: .utf8)
            let section = page.components(separatedBy: "## The log as a backup").last?
                .components(separatedBy: "\n## ").first
            let commands = (section ?? "").components(separatedBy: "```sh\n").dropFirst().compactMap {
                $0.components(separatedBy: "```").first
            }
            #expect(commands.count == 2)
            let copy = try await Copy(of: log)
            let outcome = try await Program.shell(
                "set -euo pipefail; cd \(log.scratch.path("")); directory() { \"$DIRECTORY\" \"$@\"; }; "
                    + commands.joined(),
                in: log.scratch,
                environment: log.environment.merging(["EMPTY_DATABASE_URL": copy.database.url]) { $1 })
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("restored: the log "), "\(outcome.output)")
        }
    }

    @Test func `A log whose signing key was rotated is signed by the newest key after a restore`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            try await log.serve { _, _ in }
            #expect(try await log.directory("key", "rotate").status == 0)
            let (before, token) = try await log.serve { service, token in
                (try await service.get("/api/v1/audit/log/vkey", token: token).text, token)
            }
            let copy = try await Copy(of: log)
            #expect(try await copy.directory("restore", try await export(log)).status == 0)
            try await copy.serve { service in
                let keys = try await service.get("/api/v1/audit/log/vkey", token: token)
                #expect(keys.text == before)
                let checkpoint = try await service.get("/api/v1/audit/log/checkpoint", token: token)
                #expect(checkpoint.status == 200, "\(checkpoint.text)")
            }
            // Without the key folder new keys are made, for the same log.
            let other = try await Copy(of: log)
            #expect(try await other.directory("restore", log.scratch.path("export")).status == 0)
            let environment = other.environment.merging(["DIRECTORY_KEYS": log.scratch.path("new keys")]) { $1 }
            try await Service.use([], in: log.scratch, environment: environment) { service in
                let administrator = try await Program.run(
                    "token", "--account", "admin@directory.localhost", in: log.scratch, environment: environment)
                let token = try #require(administrator.lines.first)
                let after = try await service.get("/api/v1/audit/log/vkey", token: token).text
                #expect(!after.isEmpty && after != before)
                #expect(after.prefix { $0 != "+" } == before.prefix { $0 != "+" })
            }
        }
    }
}
