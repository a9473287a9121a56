import CanonicalJSON
import DirectoryEvents
import Foundation

/// A history of reporting lines to import, and what is true after it.
package struct ReportingHistory {
    /// What is true after that many of its lines.
    package struct Mark {
        package let line: Int
        package let employees: Set<String>
        package let reports: Set<[String]>
    }

    /// As `directory import` reads it.
    package let lines: [UInt8]
    package let lineCount: Int
    package let marks: [Mark]

    /// The real history where `DIRECTORY_TEST_DATA` names a folder with `data/reporting-history.ndjson` and
    /// `data/reporting-truth.ndjson`; else a generated one of the same shape.
    package static func load() throws -> ReportingHistory {
        guard let folder = ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] else {
            return generated(lines: 1500, seed: 7)
        }
        func read(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/data/\(name)")))
        }
        let lines = try read("reporting-history.ndjson")
        let marks = try read("reporting-truth.ndjson").split(separator: UInt8(ascii: "\n")).map { text in
            let json = try JSON(parsing: text, limits: .trusted)
            guard let line = json["line"]?.integer else { throw MarkWithoutLine() }
            return Mark(
                line: Int(line),
                employees: Set((json["employees"]?.array ?? []).compactMap(\.string)),
                reports: Set((json["reports"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }))
        }
        return ReportingHistory(lines: lines, lineCount: lines.split(separator: UInt8(ascii: "\n")).count, marks: marks)
    }
}

/// A line of the truth file does not say which line it is about.
private struct MarkWithoutLine: Error {}
