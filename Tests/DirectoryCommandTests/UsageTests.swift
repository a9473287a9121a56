import TestSupport
import Testing

/// What a user sees after a mistake.
@Suite struct UsageTests {
    @Test func `Every command has help`() async throws {
        try await Scratch.use { scratch in
            for command in [
                "serve", "migrate", "rebuild", "audit", "diff", "token", "import", "export", "restore", "verify",
                "key rotate", "vacuum",
            ] {
                let help = try await Program.shell("\"$DIRECTORY\" help \(command)", in: scratch)
                #expect(help.status == 0)
                #expect(help.output.contains("USAGE: directory \(command)"))
                #expect(help.output.contains("--data-dir"))
            }
        }
    }

    @Test(arguments: [
        (["export"], "--data-dir FOLDER"), (["export", "--data-dir", "a", "--database-url", "b"], "not both"),
        (["serve", "--data-dir", "a", "--port", "65536"], "from 0 to 65535"),
        (["serve", "--data-dir", "a", "--demo"], "--bootstrap-admin"),
        (["serve", "--data-dir", "a", "--bootstrap-admin", "me"], "e-mail"), (["fly"], "fly"),
        (["rebuild", "--data-dir", "a", "people"], "employees"),
        (["audit", "--data-dir", "a", "--since", "noon"], "--since"),
        (["diff", "--data-dir", "a", "--from", "0"], "--organization"),
        (["diff", "--data-dir", "a", "--organization", "a", "--from", "noon"], "--from"),
        (["diff", "--data-dir", "a", "--organization", "a", "--from", "0", "--to", "-1"], "--to"),
        (["diff", "--data-dir", "a", "--organization", "a", "--from", "1", "--effective"], "--from must be a time"),
        (["audit", "--data-dir", "a", "--limit", "0"], "--limit"), (["token", "--data-dir", "a"], "--account"),
        (["token", "--data-dir", "a", "--account", "b@c", "--ttl", "1y"], "--ttl"),
        (["token", "--data-dir", "a", "--account", "b@c", "--organization", "x"], "UUID"),
        (["import", "f", "--data-dir", "a"], "--organization"),
        (["import", "f", "--data-dir", "a", "--name", "n"], "--owner"),
        (["export", "--data-dir", "a", "--after", "-1"], "--after"),
        (["export", "--data-dir", "a", "--type", "employee.*"], "--format"),
        (["export", "--data-dir", "a", "--format", "xml"], "cloudevents"),
        (["export", "--data-dir", "a", "--format", "csv", "--since", "noon"], "--since"),
        (["verify", "--data-dir", "a", "--export", "f"], "not both"), (["restore", "--data-dir", "a"], "file"),
        (["restore", "f", "--data-dir", "a", "--checkpoint", "c"], "--vkey"),
        (["witness", "--url", "x", "--vkey", "k", "--file", "f"], "http"),
        (["witness", "--url", "http://x", "--vkey", "k", "--file", "f"], "DIRECTORY_TOKEN"),
    ])
    func `Wrong usage is refused with status 64 and a hint`(_ arguments: [String], _ word: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await Running(Program.path, arguments, scratch).outcome()
            #expect(outcome.status == 64)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
        }
    }

    @Test(arguments: [
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_DATABASE_URL": "b"], "unset one"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_PORT": "65536"], "DIRECTORY_PORT"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_LOG_LEVEL": "loud"], "warning"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_LOG_FORMAT": "xml"], "auto, text or json"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_METRICS_ADDRESS": "9464"], "DIRECTORY_METRICS_ADDRESS"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_READ_DEADLINE": "0"], "DIRECTORY_READ_DEADLINE"),
        (["DIRECTORY_DATA_DIR": "a", "DIRECTORY_LIST_DEADLINE": "soon"], "DIRECTORY_LIST_DEADLINE"),
    ])
    func `A wrong setting in the environment is refused and named`(_ environment: [String: String], _ word: String)
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await Program.run("serve", in: scratch, environment: environment)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
        }
    }

    @Test func `A database that cannot be reached is reported`() async throws {
        try await Scratch.use { scratch in
            for command in [["serve", "--port", "0"], ["migrate"], ["export"], ["audit"], ["rebuild"]] {
                let url = "postgres://me:hush@127.0.0.1:1/none"
                let outcome = try await Running(Program.path, command + ["--database-url", url], scratch).outcome()
                #expect(outcome.status == 69)
                #expect(outcome.errors.contains("cannot be reached"))
                #expect(!outcome.errors.contains("hush"))
            }
        }
    }

    @Test func `A database without a directory is reported`() async throws {
        try await Scratch.use { scratch in
            let url = try await TestDatabase.make().url
            for command in [
                ["export"], ["audit"], ["rebuild"], ["token", "--account", "a@b"],
                ["diff", "--organization", "a", "--from", "0"],
            ] {
                let outcome = try await Running(Program.path, command + ["--database-url", url], scratch).outcome()
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("There is no directory in this database yet"), "\(outcome.errors)")
            }
            let folder = try await Program.run("export", "--data-dir", scratch.path("none"), in: scratch)
            #expect(folder.status == 1)
            #expect(folder.errors.contains("There is no database in"))
            #expect(try await Program.run("migrate", "--database-url", url, in: scratch).status == 0)
            #expect(try await Program.run("migrate", "--database-url", url, in: scratch).status == 0)
            #expect(try await Program.run("export", "--database-url", url, in: scratch).lines.count == 1)
        }
    }

    @Test func `A misspelt variable is reported`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await Program.run(
                "migrate", in: scratch,
                environment: [
                    "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_DATABSE_URL": "x",
                ])
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("DIRECTORY_DATABSE_URL is set, but is not a setting"))
        }
    }
}
