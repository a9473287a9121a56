import Foundation
import TestSupport
import Testing

/// The folder of the keys.
@Suite struct KeyTests {
    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `Keys are made at the first start, readable by the user alone`() async throws {
        try await Scratch.use { scratch in
            let url = try await TestDatabase.make().url
            let state = ["XDG_STATE_HOME": scratch.path("state")]
            try await Service.use(["--database-url", url], in: scratch, environment: state) { _ in }
            let folder = scratch.path("state/directory")
            let log = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let keys = "\(folder)/\(log)"
            #expect(try Self.mode(keys) == 0o700)
            let names = try FileManager.default.contentsOfDirectory(atPath: keys).sorted()
            #expect(names == ["jwt.secret", "log-signing.key", "master.key"])
            for name in names { #expect(try Self.mode("\(keys)/\(name)") == 0o600) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(keys)/master.key")).count == 32)
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(keys)/log-signing.key")).count == 32)

            // The same keys at the next start, and no other folder but theirs.
            try await Service.use(["--database-url", url], in: scratch, environment: state) { _ in }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [log])
        }
    }

    @Test func `Keys that others can read are refused`() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("k"),
            ]
            try await Service.use([], in: scratch, environment: environment) { _ in }
            chmod(scratch.path("k/master.key"), 0o640)
            var refused = try await Program.run("serve", "--port", "0", in: scratch, environment: environment)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("chmod 600 \(scratch.path("k/master.key"))"))
            chmod(scratch.path("k/master.key"), 0o600)
            chmod(scratch.path("k"), 0o755)
            refused = try await Program.run("serve", "--port", "0", in: scratch, environment: environment)
            #expect(refused.errors.contains("chmod 700 \(scratch.path("k"))"))
            chmod(scratch.path("k"), 0o700)
            try await Service.use([], in: scratch, environment: environment) { _ in }
        }
    }

    @Test func `Keys of another log are refused`() async throws {
        try await Scratch.use { scratch in
            let url = try await TestDatabase.make().url
            let own = ["DIRECTORY_DATABASE_URL": url, "DIRECTORY_KEYS": scratch.path("own")]
            try await Service.use([], in: scratch, environment: own) { _ in }

            // There are none here, and none are made: the log has others.
            let none = ["DIRECTORY_DATABASE_URL": url, "DIRECTORY_KEYS": scratch.path("none")]
            var refused = try await Program.run("serve", "--port", "0", in: scratch, environment: none)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("are not in \(scratch.path("none"))"))
            #expect(!FileManager.default.fileExists(atPath: scratch.path("none")))

            let others = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_KEYS": scratch.path("others"),
            ]
            try await Service.use([], in: scratch, environment: others) { _ in }
            let wrong = ["DIRECTORY_DATABASE_URL": url, "DIRECTORY_KEYS": scratch.path("others")]
            refused = try await Program.run("serve", "--port", "0", in: scratch, environment: wrong)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("are not those of this database's log"))

            // One of the two is enough to be noticed.
            try FileManager.default.removeItem(atPath: scratch.path("others/master.key"))
            try FileManager.default.copyItem(
                atPath: scratch.path("own/master.key"), toPath: scratch.path("others/master.key"))
            refused = try await Program.run("serve", "--port", "0", in: scratch, environment: wrong)
            #expect(refused.errors.contains("are not those of this database's log"))
            try await Service.use([], in: scratch, environment: own) { _ in }
        }
    }

    @Test func `A secret that is too short is refused`() async throws {
        try await Scratch.use { scratch in
            let refused = try await Program.run(
                "serve", "--port", "0", in: scratch,
                environment: [
                    "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_JWT_SECRET": "tooshort",
                ])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("DIRECTORY_JWT_SECRET is too short"))
            #expect(!refused.errors.contains("tooshort"))
        }
    }
}
