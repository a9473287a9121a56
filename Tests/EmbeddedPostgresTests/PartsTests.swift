import Testing

@testable import EmbeddedPostgres

@Suite struct PartsTests {
    @Test func `Versions are read from what the program says`() {
        #expect(
            PostgresInstallation.majorVersion(inAnswer: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n") == 15)
        #expect(PostgresInstallation.majorVersion(inAnswer: "postgres (PostgreSQL) 18beta1") == 18)
        #expect(PostgresInstallation.majorVersion(inAnswer: "something else") == nil)
    }

    @Test func `A postmaster's file is read while it grows`() throws {
        let young = try #require(Postmaster(lines: "4711\n/data\n1700000000\n"))
        #expect(young.process == 4711)
        #expect(young.status == "starting")
        let grown = try #require(
            Postmaster(lines: "4711\n/data\n1700000000\n5432\n/tmp/socket\n\n  5242881   32768\nready   \n"))
        #expect(grown.socketFolder == "/tmp/socket")
        #expect(grown.status == "ready")
        #expect(Postmaster(lines: "") == nil)
    }

    @Test func `Connection strings quote what libpq would misread`() {
        let connection = ConnectionInfo(socketFolder: "/tmp/it's \\ here", database: "directory")
        #expect(connection.text == #"host='/tmp/it\'s \\ here' port=5432 dbname='directory' user=directory"#)
    }

    @Test func `A caller's settings win, but not over who can reach the server`() {
        let settings = ServerSettings(
            socketFolder: "/tmp/it's",
            options: EmbeddedPostgres.Options(settings: ["max_connections": "7", "listen_addresses": "*"]))
        #expect(settings.values["max_connections"] == "7")
        #expect(settings.values["listen_addresses"] == "")
        #expect(settings.values["fsync"] == nil)
        #expect(settings.text.contains("unix_socket_directories = '/tmp/it''s'"))
    }

    @Test func `A socket's path is short whatever the data directory's`() {
        let home = ClusterHome(dataDirectory: "/x", folder: "/" + String(repeating: "x", count: 800))
        #expect(SocketFolder.path(for: home, user: nil).utf8.count + "/.s.PGSQL.5432.lock".utf8.count < 104)
    }

    @Test func `Users are found by name and by number, by many at once`() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        #expect(SystemCalls.user(named: "root").map { [$0.user, $0.group] } == [0, 0])
                        #expect(SystemCalls.name(ofUser: 0) == "root")
                        #expect(SystemCalls.name(ofUser: 4_000_000_000) == "4000000000")
                        #expect(SystemCalls.group(ofUser: 4_000_000_000) == 4_000_000_000)
                        #expect(SystemCalls.user(named: "nobody of that name") == nil)
                    }
                }
            }
        }
    }
}
