import CanonicalJSON
import DirectoryEvents
import Foundation
import Testing

/// A history and what it comes to. `Tests/DirectoryCommandTests` has it too, by a link to this file.
struct ReportingHistory {
    struct Mark {
        let line: Int
        let employees: Set<String>
        let reports: Set<[String]>
    }

    let lines: [UInt8]
    let lineCount: Int
    let marks: [Mark]

    /// The real one, where `DIRECTORY_TEST_DATA` names a folder with `data/reporting-history.ndjson` and
    /// `data/reporting-truth.ndjson`; else a generated one of the same shape.
    static func load() throws -> ReportingHistory {
        guard let folder = ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] else {
            return generated(lines: 1500, seed: 7)
        }
        func read(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/data/\(name)")))
        }
        let lines = try read("reporting-history.ndjson")
        let marks = try read("reporting-truth.ndjson").split(separator: UInt8(ascii: "\n")).map { text in
            let json = try JSON(parsing: text, limits: .trusted)
            return Mark(
                line: Int(try #require(json["line"]?.integer)),
                employees: Set((json["employees"]?.array ?? []).compactMap(\.string)),
                reports: Set((json["reports"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }))
        }
        return ReportingHistory(lines: lines, lineCount: lines.split(separator: UInt8(ascii: "\n")).count, marks: marks)
    }
}
