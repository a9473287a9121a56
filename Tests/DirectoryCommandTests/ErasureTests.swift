import Foundation
import TestSupport
import Testing

/// A log in which somebody has been erased, as operators and auditors have it.
@Suite struct ErasureTests {
    /// The id and the address of somebody in the imported history.
    private func person(_ log: ImportedLog) async throws -> (id: String, email: String) {
        let row = try await log.database.query(
            """
            select stream::text, sealed ->> 'email' from log.events where type = 'employee.created'
            order by position offset 3 limit 1
            """)[0]
        return (try row.text(0), try row.text(1))
    }

    private func erase(_ id: String, _ service: Service, _ token: String) async throws {
        let erased = try await service.send(
            "POST", "/api/v1/employee/\(id)/erase", token: token, json: #"{"reason":"GDPR_ART_17"}"#)
        try #require(erased.status == 200, "\(erased.text)")
    }

    @Test func `Log, export and a checkpoint that was kept verify after an erasure`() async throws {
        try await ImportedLog.use { log in
            let person = try await person(log)
            let kept = try await log.serve { service, token in
                let kept = try await log.keepCheckpoint(service, token)
                try await erase(person.id, service, token)
                _ = try await log.keepCheckpoint(service, token, as: "later")
                return kept
            }
            let verified = try await log.directory("verify", "--checkpoint", kept)
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.output.contains("read models: "))
            let export = try await log.directory("export")
            #expect(export.output.contains("employee.erased") && !export.output.contains(person.email))
            let file = try log.scratch.write(export.output.utf8, to: "export")
            let vkey = log.scratch.path("vkey")
            for checkpoint in [kept, log.scratch.path("later")] {
                let offline = try await log.directory(
                    "verify", "--export", file, "--checkpoint", checkpoint, "--vkey", vkey)
                #expect(offline.status == 0, "\(offline.errors)")
                guard let python else { continue }
                let independent = try await Running(
                    python, [verifier, "export", file, "--checkpoint", checkpoint, "--vkey", vkey], log.scratch
                ).outcome()
                #expect(independent.status == 0, "\(independent.errors)")
            }
            // What is missing without a reason is found still.
            try await log.tamper(
                """
                update log.events set sealed = null, sealed_salt = null
                where position = (select max(position) from log.events where sealed is not null)
                """)
            #expect(try await log.directory("verify", "--log-only").status == 1)
        }
    }

    @Test func `Vacuum writes the tables again, and drops what rebuilds left over`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            let person = try await person(log)
            try await log.database.query("create schema employees_v1_old")
            try await log.database.query(
                "create table employees_v1_old.current as select '\(person.email)'::text as email")
            try await log.serve { service, token in
                try await erase(person.id, service, token)
                let vacuumed = try await log.directory("vacuum")
                #expect(vacuumed.status == 0, "\(vacuumed.errors)")
                #expect(vacuumed.errors.isEmpty)
                #expect(vacuumed.lines.first?.hasPrefix("log.events: ") == true, "\(vacuumed.output)")
                #expect(vacuumed.output.contains("employee_names_v"))
                let answer = try await service.get("/api/v1/employee/\(person.id)", token: token)
                #expect(answer.json["name"] == "[erased]")
            }
            let left = "select count(*) from pg_namespace where nspname like '%\\_old'"
            #expect(try await log.database.number(left) == 0)
        }
    }

    @Test func `The same history imported again brings nothing back`() async throws {
        try await ImportedLog.use(lines: 120) { log in
            let person = try await person(log)
            try await log.serve { service, token in try await erase(person.id, service, token) }
            let people = "select count(*) from log.events where type = 'employee.created'"
            let before = try await log.database.number(people)
            let organization = try await log.database.query(
                "select stream::text from log.events where type = 'organization.created' order by position limit 1")[0]
                .text(0)
            let again = try await log.directory(
                "import", log.scratch.path("history"), "--organization", organization)
            #expect(again.status == 0, "\(again.errors)")
            #expect(try await log.database.number(people) == before)
            let shown = try await log.database.texts(
                "select sealed from log.events where sealed::text like '%\(person.email)%'")
            #expect(shown == [])
        }
    }
}
