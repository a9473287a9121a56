import Foundation
import TestSupport
import Testing
import TransparencyLog

/// `directory key rotate`, next to a service that runs.
@Suite struct KeyRotationTests {
    private func checkpoint(_ service: Service, _ token: String) async throws -> Service.Answer {
        try await service.get("/api/v1/audit/log/checkpoint", token: token)
    }

    private func keys(_ service: Service, _ token: String) async throws -> [NoteVerifier] {
        try await service.get("/api/v1/audit/log/vkey", token: token).text.split(separator: "\n").compactMap {
            NoteVerifier($0)
        }
    }

    @Test func `Both keys sign the first checkpoint after it, and the new one alone those that follow`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            let first = try await log.serve { service, token in
                let keys = try await keys(service, token)
                #expect(keys.count == 1)
                let rotated = try await log.directory("key", "rotate")
                #expect(rotated.status == 0, "\(rotated.errors)")
                #expect(rotated.lines.compactMap { NoteVerifier($0) }.count == 1)
                // This node has not the new key: it answers everything else.
                let refused = try await checkpoint(service, token)
                #expect(refused.status == 503)
                #expect(refused.json["detail"]?.string?.contains("newest signing key") == true)
                #expect(try await self.keys(service, token).map(\.text) == rotated.lines + keys.map(\.text))
                return keys
            }
            try await log.serve { service, token in
                let both = try await keys(service, token)
                #expect(both.count == 2)
                // A start has no events of its own: it is the one that `key rotate` signed.
                let signed = try SignedCheckpoint(parsing: try await checkpoint(service, token).body)
                let signers = try signed.verify(by: both)
                #expect(Set(signers) == Set(both))
                #expect(try signed.verify(by: first) == first)
                let made = try await service.send(
                    "POST", "/api/v1/account", token: token, json: #"{"email":"later@example.com"}"#)
                #expect(made.status == 201)
                let next = try SignedCheckpoint(parsing: try await checkpoint(service, token).body)
                #expect(try next.verify(by: both) == [both[0]])
            }
            _ = try await log.serve { try await log.keepCheckpoint($0, $1) }
            let verified = try await log.directory("verify", "--checkpoint", log.scratch.path("kept"))
            #expect(verified.status == 0, "\(verified.errors)")
        }
    }

    @Test func `A node that has an older key alone serves, and one with a wrong key does not start`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            try await log.serve { _, _ in }
            let rotated = try await log.directory("key", "rotate")
            #expect(rotated.status == 0)
            let newest = log.scratch.path("keys/log-signing-2.key")
            let mode = try FileManager.default.attributesOfItem(atPath: newest)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let seed = try Data(contentsOf: URL(fileURLWithPath: newest))
            try FileManager.default.removeItem(atPath: newest)
            try await log.serve { service, token in
                let unsigned = try await checkpoint(service, token)
                #expect(unsigned.status == 503)
                let served = try await service.get("/api/v1/account", token: token)
                #expect(served.status == 200)
            }
            let refused = try await log.directory("key", "rotate")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("log-signing-2.key"))

            var wrong = seed
            wrong[0] ^= 1
            let isMade = FileManager.default.createFile(
                atPath: newest, contents: wrong, attributes: [.posixPermissions: 0o600])
            #expect(isMade)
            let other = try await log.directory("serve", "--port", "0")
            #expect(other.status == 1)
            #expect(other.errors.contains("are not those of this database's log"))

            // Nor is a key the log's that somebody has put into the database.
            try seed.write(to: URL(fileURLWithPath: newest))
            try await log.tamper(
                "insert into log.signing_keys (number, public_key, fingerprint) values (3, sha256('x'), sha256('y'))")
            let added = try await log.directory("serve", "--port", "0")
            #expect(added.status == 1)
            #expect(added.errors.contains("are not those of this database's log"))
        }
    }

    @Test func `The name of the log is fixed at its first start`() async throws {
        try await Scratch.use { scratch in
            var environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
                "DIRECTORY_LOG_ORIGIN": "directory.example/log",
            ]
            let demo = ["--bootstrap-admin", "admin@directory.localhost", "--demo"]
            for _ in 0..<2 {
                try await Service.use(demo, in: scratch, environment: environment) { service in
                    let token = try #require(service.token)
                    #expect(try await checkpoint(service, token).text.hasPrefix("directory.example/log\n"))
                    #expect(
                        service.running.errors.contains("DIRECTORY_LOG_ORIGIN is ignored")
                            == (environment["DIRECTORY_LOG_ORIGIN"] == "elsewhere.example"))
                }
                environment["DIRECTORY_LOG_ORIGIN"] = "elsewhere.example"
            }
            environment["DIRECTORY_LOG_ORIGIN"] = "a b"
            let refused = try await Program.run("serve", "--port", "0", in: scratch, environment: environment)
            #expect(refused.status == 64)
            #expect(refused.errors.contains("DIRECTORY_LOG_ORIGIN"))
        }
    }
}
