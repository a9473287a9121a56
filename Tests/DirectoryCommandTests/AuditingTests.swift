import Foundation
import TestSupport
import Testing

/// The Python of the tests' virtual environment, with the packages of `Tests/requirements.txt`.
let python: String? = {
    let named = ProcessInfo.processInfo.environment["DIRECTORY_TEST_PYTHON"]
    let usual = repository.appendingPathComponent(".build/python/bin/python3").path
    let path = named ?? usual
    guard FileManager.default.isExecutableFile(atPath: path) else {
        print("The independent verifier is skipped: there is no Python at \(path).")
        return nil
    }
    return path
}()

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

let verifier = repository.appendingPathComponent("Tests/Verifier/verify_log.py").path

/// `docs/auditing.md`, and the verifier of it that shares no code with the directory.
@Suite(.enabled(if: python != nil, "there is no Python with the packages of Tests/requirements.txt"))
struct AuditingTests {
    /// The shell commands of the page, in order.
    private func commands() throws -> [String] {
        let page = try String(
            contentsOf: repository.appendingPathComponent("docs/auditing.md"), encoding: .utf8)
        return page.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    /// An organization whose AUDITOR asks about a person that got a manager.
    private func scene(_ service: Service, _ token: String, _ log: ImportedLog) async throws -> [String: String] {
        func send(_ method: String, _ path: String, _ json: String) async throws -> String {
            let answer = try await service.send(method, "/api/v1/\(path)", token: token, json: json)
            try #require(answer.status < 300, "\(answer.text)")
            return answer.json["id"]?.string ?? ""
        }
        let organization = try await send("POST", "organization", #"{"name":"Audited"}"#)
        func employee(_ name: String) async throws -> String {
            let answer = try await service.send(
                "POST", "/api/v1/employee", token: token, organization: organization,
                json: #"{"name":"\#(name)","email":"\#(name)@example.com"}"#)
            try #require(answer.status == 201, "\(answer.text)")
            return answer.json["id"]?.string ?? ""
        }
        let (report, manager) = (try await employee("report"), try await employee("manager"))
        _ = try await send(
            "POST", "employee/\(report)/managers", #"{"managerId":"\#(manager)","type":"DIRECT"}"#)
        let auditor = try await send("POST", "account", #"{"email":"auditor@example.com"}"#)
        _ = try await send("POST", "account/\(auditor)/grant", #"{"orgId":"\#(organization)","role":"AUDITOR"}"#)
        let auditorToken = try await log.directory("token", "--account", auditor)
        return [
            "DIRECTORY_URL": "http://127.0.0.1:\(service.port)", "EMPLOYEE": report, "MANAGER": manager,
            "DIRECTORY_TOKEN": try #require(auditorToken.lines.first), "ADMINISTRATOR_TOKEN": token,
        ]
    }

    /// Puts the programs that the page names where a shell finds them.
    private func tools(_ log: ImportedLog) throws -> String {
        let folder = log.scratch.path("tools")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, program) in [
            ("verify_log.py", #"exec "\#(python ?? "")" "\#(verifier)" "$@""#),
            ("python3", #"exec "\#(python ?? "")" "$@""#),
            ("directory", #"exec "\#(Program.path)" "$@""#),
        ] {
            let isMade = FileManager.default.createFile(
                atPath: "\(folder)/\(name)", contents: Data("#!/bin/bash\n\(program)\n".utf8),
                attributes: [.posixPermissions: 0o755])
            #expect(isMade)
        }
        return folder
    }

    @Test func `The commands for auditors do what the page says, also in a log that has grown`() async throws {
        try await ImportedLog.use(lines: 700) { log in
            try await log.serve { service, token in
                var environment = log.environment.merging(try await scene(service, token, log)) { $1 }
                environment["PATH"] = "\(try tools(log)):/usr/bin:/bin"
                let commands = try commands()
                #expect(commands.count >= 9)
                // A change between the first visit and the later one.
                let growing = """
                    curl -fsS -X POST -H "Authorization: Bearer $ADMINISTRATOR_TOKEN" -H 'Content-Type: application/json' \
                    -d '{"email":"grown@example.com"}' "$DIRECTORY_URL/api/v1/account" > /dev/null

                    """
                let script = commands.map { ($0.contains("> later") ? growing : "") + $0 }.joined()
                let outcome = try await Program.shell(
                    "set -euo pipefail; cd \(log.scratch.path("")); \(script)", in: log.scratch,
                    environment: environment)
                #expect(outcome.status == 0, "\(outcome.errors) \(outcome.output)")
                for words in [
                    "the entry is number ", "origin: {", " events begin with the ", "first checkpoint: ",
                    "checkpoint: the log extends",
                    "read models: ", " entries, tiles of 2 levels",
                ] { #expect(outcome.output.contains(words), "\(words) is not in \(outcome.output)") }
                let entry = try String(contentsOfFile: log.scratch.path("entry.json"), encoding: .utf8)
                #expect(entry.contains(#""related":"\#(environment["MANAGER"] ?? "")""#))
                func text(_ name: String) throws -> String {
                    try String(contentsOfFile: log.scratch.path(name), encoding: .utf8)
                }
                #expect(try text("person.csv").hasPrefix("position,id,time,"))
                #expect(try text("person.ndjson").contains(#""type":"employee.manager_assigned""#))
                #expect(try text("exports.json").components(separatedBy: "organization.audit_exported").count == 4)
                try await refusals(log, environment)
                try await refusesTamperedTiles(log, environment)
            }
        }
    }

    @Test func `The verifier takes the export of a log that was restored`() async throws {
        try await ImportedLog.use(lines: 300) { log in
            let kept = try await log.serve { try await log.keepCheckpoint($0, $1) }
            let file = try log.scratch.write(try await log.directory("export").output.utf8, to: "export")
            let other = log.environment.merging(["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]) { $1 }
            let restored = try await Program.run("restore", file, in: log.scratch, environment: other)
            #expect(restored.status == 0, "\(restored.errors)")
            let again = try await Program.run("export", in: log.scratch, environment: other)
            let copy = try log.scratch.write(again.output.utf8, to: "again")
            let verified = try await Running(
                python ?? "",
                [verifier, "export", copy, "--checkpoint", kept, "--vkey", log.scratch.path("vkey")], log.scratch
            ).outcome()
            #expect(verified.status == 0, "\(verified.errors)")
            let root = try #require(verified.output.split(separator: " ").last)
            #expect(restored.output.contains("root \(root)"))
        }
    }

    /// A verifier key of somebody else, as `sed` takes it.
    private let stranger = #"example.com\/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"#

    /// A service whose database was changed serves tiles, or entries, that are not those of the checkpoint.
    private func refusesTamperedTiles(_ log: ImportedLog, _ environment: [String: String]) async throws {
        let administrator = environment.merging(
            ["DIRECTORY_TOKEN": environment["ADMINISTRATOR_TOKEN"] ?? ""]) { $1 }
        func verified() async throws -> Outcome {
            try await Program.shell(
                "cd \(log.scratch.path("")); verify_log.py tiles $DIRECTORY_URL checkpoint --vkey vkey",
                in: log.scratch, environment: administrator)
        }
        let untouched = try await verified()
        #expect(untouched.status == 0, "\(untouched.errors)")
        for (change, words) in [
            (
                "update log.tiles set hashes = overlay(hashes placing sha256('x') from 33) where level = 0 and index = 1",
                "tile 1 of level 0 is wrong"
            ),
            ("delete from log.tiles where level = 0 and index = 0", "404"),
            ("update log.events set actor_role = 'OWNER' where position = 100", "are not those of the checkpoint"),
        ] {
            try await log.tamper(change)
            let outcome = try await verified()
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("NOT VERIFIED") && outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    /// What the verifier does not take: each of its files, damaged.
    private func refusals(_ log: ImportedLog, _ environment: [String: String]) async throws {
        for (file, edit, command) in [
            ("entry.json", "s/DIRECT/DOTTED/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("event.tlog-proof", "s/^index /index 1/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("event.tlog-proof", "4s/^./-/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("checkpoint", "2s/$/0/", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("export.ndjson", "50s/SYSTEM/OWNER/", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("export.ndjson", "60d", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("export.ndjson", "$d", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("opening.json", "s/requestId/requestIx/", "opening entry.json opening.json"),
            ("opening.json", "s/.*/{}/", "opening entry.json opening.json"),
            // Another key, one whose id is not its own, and a file without any.
            ("vkey", "s/.*/\(stranger)/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("vkey", "s/+[0-9a-f]*+/+00000000+/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("vkey", "s/.*//", "consistency checkpoint later consistency.json --vkey vkey"),
            ("vkey", "s/.*/\(stranger)/", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("event.tlog-proof", "s/@v1/@v2/", "proof event.tlog-proof entry.json --vkey vkey"),
            ("export.ndjson", "1d", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("export.ndjson", "70{h;d};71G", "export export.ndjson --checkpoint checkpoint --vkey vkey"),
            ("consistency.json", #"s/"to":/"to":1/"#, "consistency checkpoint later consistency.json --vkey vkey"),
            ("later", "2s/$/0/", "consistency checkpoint later consistency.json --vkey vkey"),
        ] {
            let outcome = try await Program.shell(
                "cd \(log.scratch.path("")); cp \(file) good; sed -i '\(edit)' \(file); cmp -s \(file) good && exit 9; "
                    + "verify_log.py \(command); status=$?; mv good \(file); exit $status",
                in: log.scratch, environment: environment)
            #expect(outcome.status == 1, "\(file) with \(edit): \(outcome.errors)")
            #expect(outcome.errors.contains("NOT VERIFIED"), "\(file) with \(edit): \(outcome.errors)")
        }
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] != nil, "DIRECTORY_TEST_DATA is not set"))
    func `The verifier takes and refuses the published vectors as published`() async throws {
        try await Scratch.use { scratch in
            let vectors = "\(ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] ?? "")/vectors"
            let outcome = try await Running(python ?? "", [verifier, "vectors", vectors], scratch).outcome()
            #expect(outcome.status == 0, "\(outcome.errors)")
            let count = try #require(outcome.output.split(separator: " ").first.flatMap { Int($0) })
            #expect(count > 200, "\(outcome.output)")
        }
    }
}
