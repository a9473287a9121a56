import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport

/// What the server says of each statement that it ran: of which of the service's connections, how many rows it gave, and how
/// many buffers it touched. Read from its log, where auto_explain writes the plans as they were run.
struct StatementLog {
    struct Entry: CustomStringConvertible {
        let connection: String
        let rows: Int
        let buffers: Int
        let text: String

        var description: String { "\(connection): \(buffers) buffers for \(rows) rows\n\(text)" }
    }

    /// The settings of a cluster whose statements are logged.
    static let settings = [
        "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0",
        "auto_explain.log_analyze": "on", "auto_explain.log_buffers": "on", "auto_explain.log_timing": "off",
        "auto_explain.log_format": "json", "log_line_prefix": "%a|", "max_connections": "50",
    ]

    private let path: String
    private let database: TestDatabase

    init(_ cluster: TestCluster) {
        database = TestDatabase(url: cluster.connectionString)
        let parts = cluster.connectionString.split(separator: "'")
        let folder = parts.first { $0.hasPrefix("/tmp/") }.map(String.init) ?? ""
        path = "\(folder)/data/server.log"
    }

    /// The statements that the service runs during the body.
    /// - Parameter settling: how long to wait for what may come after all answers.
    func during<T>(settling: Duration = .zero, _ body: () async throws -> T) async throws -> (T, [Entry]) {
        let before = try size()
        let result = try await body()
        if settling > .zero { try await Task.sleep(for: settling) }
        try await waitUntilWritten()
        return (result, try entries(from: before).filter { $0.connection != TestDatabase.applicationName })
    }

    /// Waits until no connection is at work: a statement is in the log before its connection is idle, but perhaps after its rows
    /// have been read.
    private func waitUntilWritten() async throws {
        let session = try await database.session()
        let busy = Statement(
            """
            select count(*) from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid() and state is distinct from 'idle'
            """)
        for _ in 0..<1_000 {
            if try await session.query(busy)[0].int(0) == 0 { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        await session.close()
    }

    private func size() throws -> UInt64 {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64 ?? 0
    }

    private func entries(from offset: UInt64) throws -> [Entry] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        try file.seek(toOffset: offset)
        let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        var entries: [Entry] = []
        var head = ""
        var plan: [Substring] = []
        let lines: [Substring] = text.split(separator: "\n") + [""]
        for line in lines {
            if line.hasPrefix("\t") {
                plan.append(line.dropFirst())
                continue
            }
            if head.contains("plan:"), let entry = try entry(head, plan) { entries.append(entry) }
            (head, plan) = (String(line), [])
        }
        return entries
    }

    private func entry(_ head: String, _ lines: [Substring]) throws -> Entry? {
        let json = try JSONSerialization.jsonObject(with: Data(lines.joined(separator: "\n").utf8))
        guard let object = json as? [String: Any], let plan = object["Plan"] as? [String: Any] else { return nil }
        func number(_ name: String) -> Int { (plan[name] as? NSNumber)?.intValue ?? 0 }
        return Entry(
            connection: String(head.prefix { $0 != "|" }), rows: number("Actual Rows"),
            buffers: number("Shared Hit Blocks") + number("Shared Read Blocks"),
            text: object["Query Text"] as? String ?? "")
    }
}
