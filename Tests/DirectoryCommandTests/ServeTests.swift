import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

/// `directory serve` from its first start on.
@Suite struct ServeTests {
    private static let demonstration = ["--bootstrap-admin", "admin@directory.localhost", "--demo"]

    /// First start, what it prints, a second start alongside, a clean end, a kill: the data is kept.
    @Test func `A data directory is served and kept`() async throws {
        try await Scratch.use { scratch in
            let arguments = ["--data-dir", scratch.dataDirectory] + Self.demonstration
            var service = try await Service.start(arguments, in: scratch)
            #expect(try await service.get("/healthz").status == 200)
            #expect(try await service.get("/readyz").status == 200)
            let token = try #require(service.token)
            let employees = try await service.get("/api/v1/employee", token: token)
            #expect(employees.json.array?.count == 112)
            try await thePrintedRequestWorks(service, scratch)

            let second = try await Program.run(
                "serve", "--data-dir", scratch.dataDirectory, "--port", "0", in: scratch)
            #expect(second.status == 1)
            #expect(second.errors.contains("already runs on"))
            try await otherCommandsWorkAlongside(service, scratch)

            let stopped = try await service.stop()
            #expect(stopped.status == 0)
            #expect(!stopped.errors.contains("eyJ"), "a token is in the log")
            #expect(!FileManager.default.fileExists(atPath: scratch.path("data/postgres/postmaster.pid")))

            service = try await Service.start(arguments, in: scratch)
            #expect(try await service.get("/api/v1/employee", token: token).body == employees.body)
            try await service.stop(SIGKILL)
            service = try await Service.start(arguments, in: scratch)
            #expect(try await service.get("/api/v1/employee", token: token).body == employees.body)
            #expect(try await service.stop(SIGINT).status == 0)
        }
    }

    private func thePrintedRequestWorks(_ service: Service, _ scratch: Scratch) async throws {
        let line = try #require(service.running.output.split(separator: "\n").first { $0.hasPrefix("  curl ") })
        let answer = try await Program.shell("\(line) -sS --fail", in: scratch)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.output.contains("Ada Keller"))
    }

    private func otherCommandsWorkAlongside(_ service: Service, _ scratch: Scratch) async throws {
        let token = try await Program.run(
            "token", "--data-dir", scratch.dataDirectory, "--account", "Admin@Directory.localhost", "--ttl", "1m",
            in: scratch)
        #expect(token.status == 0, "\(token.errors)")
        #expect(try await service.get("/api/v1/employee", token: token.lines.first).status == 200)
        let audit = try await Program.run("audit", "--data-dir", scratch.dataDirectory, "--limit", "2", in: scratch)
        #expect(audit.lines.count == 3)
        #expect(try await service.get("/healthz").status == 200)
    }

    /// With an existing database whose owner is no superuser and may not create roles, and two nodes on it.
    @Test func `A database of an ordinary role is served`() async throws {
        try await Scratch.use { scratch in
            let url = try await TestDatabase.ownedByAnOrdinaryRole()
            let arguments = ["--database-url", url] + Self.demonstration
            try await Service.use(arguments, in: scratch) { first in
                try await Service.use(arguments, in: scratch) { second in
                    let made = try await first.send(
                        "POST", "/api/v1/employee", token: first.token,
                        json: #"{"name":"New","email":"new@acme.example"}"#)
                    #expect(made.status == 201)
                    let id = try #require(made.json["id"]?.string)
                    #expect(try await second.get("/api/v1/employee/\(id)", token: first.token).body == made.body)
                }
                let port = try await Program.run("serve", "--database-url", url, "--port", "\(first.port)", in: scratch)
                #expect(port.status == 1)
                #expect(port.errors.contains("Port \(first.port) on 127.0.0.1 is in use"))
                for host in ["192.0.2.1", "no.such.host.invalid"] {
                    let elsewhere = try await Program.run("serve", "--database-url", url, "--host", host, in: scratch)
                    #expect(elsewhere.status == 1)
                    #expect(
                        elsewhere.errors.contains("\(host) is not an address of this computer"), "\(elsewhere.errors)")
                }
            }
        }
    }

    @Test func `Every setting can come from the environment`() async throws {
        try await Scratch.use { scratch in
            let secret = "a secret that is long enough to be one"
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_HOST": "localhost",
                "DIRECTORY_BOOTSTRAP_ADMIN": "admin@example.com", "DIRECTORY_JWT_SECRET": secret,
                "DIRECTORY_JWT_ISSUER": "us", "DIRECTORY_JWT_AUDIENCE": "them", "DIRECTORY_KEYS": scratch.path("keys"),
                "DIRECTORY_LOG_LEVEL": "error", "DIRECTORY_PRT": "1",
            ]
            try await Service.use([], in: scratch, environment: environment) { service in
                #expect(service.token == nil, "only --demo shows a token")
                let token = try await Program.run(
                    "token", "--account", "admin@example.com", in: scratch, environment: environment)
                #expect(try await service.get("/api/v1/organization", token: token.lines.first).status == 200)
                let others = try await Program.run(
                    "token", "--account", "admin@example.com", in: scratch,
                    environment: environment.merging(["DIRECTORY_JWT_ISSUER": "others"]) { $1 })
                #expect(try await service.get("/api/v1/organization", token: others.lines.first).status == 401)
                #expect(!service.running.errors.contains(secret))
            }
            #expect(!FileManager.default.fileExists(atPath: scratch.path("keys/jwt.secret")))
        }
    }

    /// A start that is interrupted leaves nothing running, and the next one works.
    @Test(.timeLimit(.minutes(10))) func `A start can be interrupted`() async throws {
        try await Scratch.use { scratch in
            let running = try Running(
                Program.path, ["serve", "--port", "0", "--data-dir", scratch.dataDirectory], scratch)
            while running.isRunning && !running.errors.contains("Creating a database") {
                try await Task.sleep(for: .milliseconds(5))
            }
            running.send(SIGINT)
            #expect([0, 130].contains(try await running.outcome().status))
            #expect(!FileManager.default.fileExists(atPath: scratch.path("data/postgres/postmaster.pid")))
            try await Service.use(["--data-dir", scratch.dataDirectory], in: scratch) { service in
                let answer = try await service.get("/healthz")
                #expect(answer.status == 200)
            }
        }
    }
}

extension TestDatabase {
    /// Creates a database owned by a role that has no other rights.
    static func ownedByAnOrdinaryRole() async throws -> String {
        let name = "r\(UUID().uuidString.prefix(8).lowercased())"
        let administration = try await TestCluster.shared.connectionString
        let session = try await PostgresSession.connect(
            ConnectionConfiguration(url: administration, applicationName: "test"), logger: quiet)
        try await session.execute(script: "create role \(name) login nosuperuser nocreaterole nocreatedb")
        try await session.execute(script: "create database \(name) owner \(name)")
        await session.close()
        return administration.replacing(/dbname='[^']*'/, with: "dbname='\(name)'")
            .replacing(/user='?[a-z]+'?/, with: "user=\(name)")
    }
}
