/// Where Postgres's programs are, and their major version.
public struct PostgresInstallation: Sendable, Equatable {
    /// The oldest major version that is supported.
    public static let oldestMajorVersion = 15

    /// The folder that holds `postgres`, `initdb`, `pg_ctl` and `psql`.
    public let binaries: String
    /// The major version, such as 15.
    public let majorVersion: Int

    /// Finds the newest installation, in the system's packages first, then on the `PATH`, then Homebrew's.
    public static func find() async throws(EmbeddedPostgresError) -> PostgresInstallation {
        var tooOld: PostgresInstallation?
        for folder in candidates() {
            guard let found = await look(in: folder) else { continue }
            if found.majorVersion >= oldestMajorVersion { return found }
            tooOld = tooOld ?? found
        }
        let remedy = "install Postgres \(oldestMajorVersion) or later (Debian, Ubuntu: apt-get install postgresql)."
        guard let tooOld else {
            throw EmbeddedPostgresError(.notInstalled, "Postgres's server programs are not installed: \(remedy)")
        }
        throw EmbeddedPostgresError(
            .notInstalled, "Postgres \(tooOld.majorVersion) in \(tooOld.binaries) is too old: \(remedy)")
    }

    /// Finds an installation of exactly this version, for a cluster that it created.
    static func find(majorVersion: Int) async -> PostgresInstallation? {
        guard majorVersion >= oldestMajorVersion else { return nil }
        for folder in candidates() {
            if let found = await look(in: folder), found.majorVersion == majorVersion { return found }
        }
        return nil
    }

    func program(_ name: String) -> String { "\(binaries)/\(name)" }

    private static func look(in folder: String) async -> PostgresInstallation? {
        let programs = ["postgres", "initdb", "pg_ctl", "psql"]
        guard programs.allSatisfy({ Files.isExecutable("\(folder)/\($0)") }),
            let outcome = try? await Program(path: "\(folder)/postgres", arguments: ["--version"]).run(),
            let version = majorVersion(inAnswer: outcome.output)
        else { return nil }
        return PostgresInstallation(binaries: folder, majorVersion: version)
    }

    /// The 15 of `postgres (PostgreSQL) 15.18 (Debian …)`, and of `17beta1`.
    static func majorVersion(inAnswer answer: String) -> Int? {
        let words = answer.split(whereSeparator: \.isWhitespace)
        guard let name = words.firstIndex(of: "(PostgreSQL)"), words.indices.contains(name + 1) else { return nil }
        return Int(words[name + 1].prefix { $0.isASCII && $0.isNumber })
    }

    private static func candidates() -> [String] {
        let path = SystemCalls.environment("PATH").map { $0.split(separator: ":").map(String.init) } ?? []
        return newestFirst("/usr/lib/postgresql", suffix: "/bin")  // Debian, Ubuntu
            + newestFirst("/usr", prefix: "pgsql-", suffix: "/bin")  // packages of postgresql.org for Red Hat
            + path.filter { $0.hasPrefix("/") }
            + ["/opt/homebrew/opt", "/usr/local/opt"].flatMap { folder in
                newestFirst(folder, prefix: "postgresql@", suffix: "/bin") + ["\(folder)/postgresql/bin"]
            }
    }

    private static func newestFirst(_ folder: String, prefix: String = "", suffix: String) -> [String] {
        Files.names(in: folder)
            .compactMap { name in name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil }
            .sorted(by: >)
            .map { "\(folder)/\(prefix)\($0)\(suffix)" }
    }
}
