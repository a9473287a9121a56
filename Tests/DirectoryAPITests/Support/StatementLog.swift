import EmbeddedPostgres
import Foundation

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

    init(_ cluster: TestCluster) {
        let parts = cluster.connectionString.split(separator: "'")
        let folder = parts.first { $0.hasPrefix("/tmp/") }.map(String.init) ?? ""
        path = "\(folder)/data/server.log"
    }

    /// The statements that are run during the body, once the log is quiet.
    func during<T>(_ body: () async throws -> T) async throws -> (T, [Entry]) {
        let before = try size()
        let result = try await body()
        var last = try size()
        for _ in 0..<200 {
            try await Task.sleep(for: .milliseconds(50))
            let now = try size()
            if now == last && now > before { break }
            last = now
        }
        return (result, try entries(from: before))
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
