import Foundation
import TestSupport
import Testing

/// `directory witness`, on a service whose log grows, and on one whose log was rewritten.
@Suite struct WitnessTests {
    private func witness(_ log: ImportedLog, _ service: Service, _ token: String) async throws -> Outcome {
        try await Running(
            Program.path,
            [
                "witness", "--url", "http://127.0.0.1:\(service.port)/", "--vkey", log.scratch.path("vkey"), "--file",
                log.scratch.path("seen"),
            ], log.scratch, ["DIRECTORY_TOKEN": token]
        ).outcome()
    }

    private func seen(_ log: ImportedLog, _ name: String = "seen") throws -> String {
        try String(contentsOfFile: log.scratch.path(name), encoding: .utf8)
    }

    private func grow(_ service: Service, _ token: String, _ name: String) async throws {
        let made = try await service.send(
            "POST", "/api/v1/account", token: token, json: #"{"email":"\#(name)@example.com"}"#)
        try #require(made.status == 201)
    }

    @Test func `A log that grows gives no alarm, and the last checkpoint is kept`() async throws {
        try await ImportedLog.use { log in
            try await log.serve { service, token in
                let kept = try await log.keepCheckpoint(service, token)
                let first = try await witness(log, service, token)
                #expect(first.status == 0, "\(first.errors)")
                #expect(first.output.hasPrefix("first checkpoint: "))
                #expect(try seen(log) == seen(log, "kept"))
                #expect(try await witness(log, service, token).output.hasPrefix("unchanged: "))
                try await grow(service, token, "one")
                let grown = try await witness(log, service, token)
                #expect(grown.status == 0, "\(grown.errors)")
                #expect(grown.output.hasPrefix("consistent: "))
                #expect(try seen(log) != seen(log, "kept"))
                let verified = try await log.directory(
                    "verify", "--log-only", "--checkpoint", log.scratch.path("seen"), "--checkpoint", kept)
                #expect(verified.status == 0, "\(verified.errors)")
                let refused = try await witness(log, service, "x.y.z")
                #expect(refused.status == 69)
            }
            let gone = try await Running(
                Program.path,
                [
                    "witness", "--url", "http://127.0.0.1:1", "--vkey", log.scratch.path("vkey"), "--file",
                    log.scratch.path("seen"),
                ], log.scratch, ["DIRECTORY_TOKEN": "x"]
            ).outcome()
            #expect(gone.status == 69)
            #expect(!FileManager.default.fileExists(atPath: log.scratch.path("seen.alarm")))
        }
    }

    @Test(arguments: [
        (-1, "now it has"), (0, "is another one than before"), (1, "does not begin with"),
    ])
    func `A log that was rewritten raises an alarm, whether it is now shorter, as long or longer`(
        _ difference: Int64, _ words: String
    ) async throws {
        try await ImportedLog.use { log in
            let before = try await log.serve { service, token in
                _ = try await log.keepCheckpoint(service, token)
                for name in ["one", "two", "three"] { try await grow(service, token, name) }
                #expect(try await witness(log, service, token).status == 0)
                return try await log.head()
            }
            let kept = try seen(log)
            try await log.tamper(
                """
                delete from log.events where position > 380; delete from log.tiles where index > 0;
                update log.checkpoints set size = 0, root = sha256(''), note = null
                """)
            #expect(try await log.directory("rebuild").status == 1)
            try await log.serve { service, token in
                while try await log.head() < before + difference { try await grow(service, token, UUID().uuidString) }
                let outcome = try await witness(log, service, token)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("ALARM: "), "\(outcome.errors)")
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
                #expect(try seen(log) == kept)
                #expect(try seen(log, "seen.alarm") != kept)
            }
        }
    }

    @Test func `A checkpoint by another key raises an alarm`() async throws {
        try await ImportedLog.use(lines: 60) { log in
            try await log.serve { service, token in
                _ = try await log.keepCheckpoint(service, token)
                _ = try log.scratch.write(
                    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n".utf8, to: "vkey")
                let outcome = try await witness(log, service, token)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("none of the known keys has signed it"), "\(outcome.errors)")
            }
        }
    }
}
