import CanonicalJSON
import Crypto
import EmbeddedPostgres
import EventLog
import EventSourcing
import Foundation
import Postgres
import ReadModels
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// In whatever is said of the person; in nothing else.
private let stem = "qvx"
private let birthDate = "1987-06-05"

/// Nothing is left of a person who was erased: in no table, no dump, no file of the database and no log of the service.
@Suite struct ErasedTraceTests {
    /// A server of its own on which somebody works who is then erased, with its account.
    private struct Scene {
        let server: Server
        let recorder: LogRecorder
        let owner: Person
        let organization: String
        let account: Person
        let employee: String
        var database: TestDatabase { TestDatabase(url: server.database) }

        static func make() async throws -> Scene {
            let recorder = LogRecorder(from: .debug)
            let server = try await Server.start(logger: recorder.logger)
            let (organization, owner) = try await server.makeOrganization()
            let made = try await server.post(
                "/account", as: owner, #"{"name":"Qvxann","email":"qvxann@qvxmail.example"}"#)
            let account = try await server.person(made.id, "qvxann@qvxmail.example")
            let employed = try await server.post(
                "/employee", as: owner, in: organization,
                #"{"name":"Qvxann Qvxlund","email":"qvxann.work@qvxmail.example","role":"Qvxtitle"}"#,
                headers: ["Idempotency-Key": "of-the-owner"])
            try await server.post(
                "/account/\(account.email)/grant", as: owner,
                #"{"orgId":"\#(organization)","role":"EMPLOYEE","employeeId":"\#(employed.id)"}"#,
                headers: ["Idempotency-Key": "of-the-grant"])
            let scene = Scene(
                server: server, recorder: recorder, owner: owner, organization: organization, account: account,
                employee: employed.id)
            try await scene.work()
            return scene
        }

        /// What the person and others do and say.
        private func work() async throws {
            let own = [
                "Idempotency-Key": "qvx-key", "User-Agent": "QvxAgent/1", "X-Request-Id": "qvx-request",
            ]
            let path = "/employee/\(employee)"
            let told = try await server.post(
                "\(path)/profile", as: account, in: organization,
                #"{"bio":"Qvxbio","gender":"qvxgender","birthDate":"\#(birthDate)","location":"Qvxtown"}"#, headers: own
            )
            try #require(told.status == 201, "\(told.text)")
            try await server.patch("/account/me-is-not-a-path", as: account, #"{"name":"Qvxnobody"}"#, headers: own)
            try await server.patch("/account/\(account.email)", as: account, #"{"name":"Qvxannabel"}"#, headers: own)
            try await server.patch(path, as: owner, #"{"name":"Qvxann Qvxmarried","email":"qvxnew@qvxmail.example"}"#)
            let app = try await server.makeApp(organization, by: owner)
            for entity in [path, "/account/\(account.id)"] {
                let mapped = try await server.put(
                    "\(entity)/mappings/\(app)/qvxspace", as: owner,
                    #"{"mappedId":"qvxid","reference":"qvxref","mappingData":{"qvxa":"qvxb"},"mappingSecrets":{"qvxs":"t"}}"#
                )
                try #require(mapped.status == 200, "\(mapped.text)")
            }
            try await server.put("\(path)/preferences/qvxprefs", as: owner, #"{"values":{"qvxc":"qvxd"}}"#)
            try await server.put(
                "/account/\(account.id)/preferences/qvxprefs", as: account, #"{"values":{"qvxe":"qvxf"}}"#, headers: own
            )
            for path in ["/employee/by-name/qvxann", "/employee?email=qvxnew@qvxmail.example"] {
                #expect(try await server.get(path, as: owner, in: organization, headers: own).ids == [employee])
            }
        }

        func erase() async throws {
            let employee = try await server.post("/employee/\(employee)/erase", as: owner, #"{"reason":"R"}"#)
            try #require(employee.status == 200, "\(employee.text)")
            let erased = try await server.post(
                "/account/\(account.id)/erase", as: account, #"{"reason":"R"}"#,
                headers: ["Idempotency-Key": "qvx-last", "User-Agent": "QvxAgent/1", "X-Request-Id": "qvx-request"])
            try #require(erased.status == 200, "\(erased.text)")
            // Where its requests came from goes a little later.
            while try await database.number("select count(*) from log.erasures where origins_after is not null") > 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        /// Where the database shows something of the person: by table, its rows.
        func traces() async throws -> [String: Int64] {
            let tables = try await database.query(
                """
                select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'm') order by 1
                """)
            var traces: [String: Int64] = [:]
            for row in tables {
                let table = try row.text(0)
                let count = try await database.number(
                    "select count(*) from \(table) t where t::text ~* '\(stem)' or t::text ~ '\(birthDate)'")
                if count > 0 { traces[table] = count }
            }
            return traces
        }

        /// The relations whose files have something of the person, whatever Postgres shows of them.
        func filesWithTraces() async throws -> [String] {
            try await database.query("checkpoint")
            let found = try await database.query(
                """
                select distinct c.oid::regclass::text from pg_class c,
                lateral pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1 << 29, true) file, unnest($1::text[]) word
                where pg_relation_filepath(c.oid) is not null and c.oid >= 16384
                and position(convert_to(word, 'UTF8') in file) > 0 order by 1
                """, [.array(words)])
            return try found.map { try $0.text(0) }
        }

        private var words: ArrayBuilder {
            var words = ArrayBuilder(of: .text, capacity: 4)
            for word in ["qvx", "Qvx", birthDate] { words.append(text: word) }
            return words
        }

        func dump() async throws -> String {
            let program = try await PostgresInstallation.find().binaries + "/pg_dump"
            let file = "/tmp/dump-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = ["--dbname", server.database, "--file", file]
            try process.run()
            while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
            try #require(process.terminationStatus == 0)
            return try String(contentsOfFile: file, encoding: .utf8).lowercased()
        }
    }

    @Test func `Nothing is left of a person who was erased, in tables, dumps, files and logs`() async throws {
        let scene = try await Scene.make()
        let before = try await scene.traces()
        for table in ["log.events", "mappings_v1.current", "preferences_v1.current"] {
            #expect(before[table] != nil, "\(before)")
        }
        #expect(before.count >= 10, "\(before)")
        #expect(try await scene.database.number("select count(*) from log.secrets where name ~ 'qvx'") == 2)

        try await scene.erase()
        #expect(try await scene.traces() == [:])
        let rest = try await scene.filesWithTraces()
        #expect(rest.contains("log.events"), "until then the files have it: \(rest)")

        try await Vacuum(
            readModels: DirectoryNode.readModels,
            configuration: ConnectionConfiguration(url: scene.server.database, applicationName: "vacuum"), logger: quiet
        ).run { _, _, _ in }
        #expect(try await scene.filesWithTraces() == [])
        #expect(try await scene.traces() == [:])
        let dump = try await scene.dump()
        #expect(dump.contains("employee.erased"))
        #expect(!dump.contains(stem) && !dump.contains(birthDate))
        let logged = scene.recorder.lines.filter { $0.lowercased().contains(stem) || $0.contains(birthDate) }
        #expect(logged == [])
        #expect(!scene.recorder.lines.isEmpty)
        try await verify(scene)
        try await scene.server.stop()
    }

    private func verify(_ scene: Scene) async throws {
        let session = try await scene.database.session()
        var checker = LogChecker(rootsOf: [])
        try await StoredLog(session).check(&checker, through: try await StoredLog(session).head()) { _ in }
        await session.close()
        let verified = try await Rebuild(
            readModels: DirectoryNode.readModels,
            configuration: ConnectionConfiguration(url: scene.server.database, applicationName: "verify"), logger: quiet
        ).verify()
        #expect(verified.mismatches == 0)
    }

    @Test func `A receipt gives no request away, and is that of no erased account`() async throws {
        let scene = try await Scene.make()
        let kept = "select count(*) from log.receipts where fingerprint <> ''"
        #expect(try await scene.database.number(kept) == 3)
        try await scene.erase()
        #expect(try await scene.database.number(kept) == 0)
        #expect(try await scene.database.number("select count(*) from log.receipts") == 2)
        try await scene.server.stop()
    }

    @Test func `Without the master key nobody guesses an address from the receipt of a request that names it`()
        async throws
    {
        let scene = try await Scene.make()
        try await scene.erase()
        /// The address of a request whose every other part is known, by a list of addresses.
        func guess(_ digest: ([UInt8]) -> [UInt8]) async throws -> String? {
            let rows = try await scene.database.query("select digest from log.receipts")
            let receipts = Set(try rows.indices.map { try rows[$0].bytes(0) })
            return ["somebody@qvxmail.example", scene.account.email].first { email in
                // Account, organization, credential, method, path and key.
                let parts = [
                    scene.owner.id, scene.organization, "", "POST", "/api/v1/account/\(email)/grant", "of-the-grant",
                ]
                return receipts.contains(digest(Array(parts.joined(separator: "\n").utf8)))
            }
        }
        let secrets = scene.server.service.secrets
        #expect(try await guess { secrets.digest(ofRequest: $0) } == scene.account.email, "with it the same succeeds")
        #expect(try await guess { Array(SHA256.hash(data: $0)) } == nil)
        try await scene.server.stop()
    }

    @Test func `Without the salt nobody guesses a name from its commitment`() async throws {
        let scene = try await Scene.make()
        /// The texts of the event that made the employee, for a list of names: whoever knows all else tries these.
        let guesses = (0..<2000).map { "Name \($0)" } + ["Qvxann Qvxlund"]
        func guess() async throws -> String? {
            let row = try await scene.database.query(
                "select sealed_hash, sealed_salt from log.events where stream = $1 order by position limit 1",
                [.uuid(UUID(text: scene.employee))])[0]
            let hash = try row.bytes(0)
            // Where the salt is gone: none, zeros, the hash itself, or no key at all.
            let salts = row.isNull(1) ? [[], Array(repeating: 0, count: 32), hash] : [try row.bytes(1)]
            return guesses.first { name in
                let text = Array(
                    #"{"email":"qvxann.work@qvxmail.example","name":"\#(name)","role":"Qvxtitle"}"#.utf8)
                return salts.contains { Commitment(to: text, salt: $0).hash == hash }
                    || Array(SHA256.hash(data: text)) == hash
            }
        }
        #expect(try await guess() == "Qvxann Qvxlund", "with the salt the same attempt succeeds")
        try await scene.erase()
        #expect(try await guess() == nil)
        try await scene.server.stop()
    }
}
