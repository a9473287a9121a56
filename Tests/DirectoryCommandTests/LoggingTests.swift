import CanonicalJSON
import EventSourcing
import Foundation
import Logging
import TestSupport
import Testing

@testable import DirectoryCommand

/// How the log is written.
@Suite struct LoggingTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], as format: LogFormat) -> String {
        let line = LogLine(
            time: Instant(microseconds: 1_764_230_400_123_456), level: .warning, label: "directory", message: message,
            metadata: metadata)
        return String(decoding: line.bytes(as: format), as: UTF8.self)
    }

    @Test func `A line for programs is a JSON object`() throws {
        let metadata: Logger.Metadata = [
            "b": "two", "a": ["x", ["c": "y"]], "number": .stringConvertible(7), "none": [:],
        ]
        #expect(
            line("A \"message\" of C:\\", metadata, as: .json)
                == #"{"time":"2025-11-27T08:00:00.123456Z","level":"warning","label":"directory","#
                + #""message":"A \"message\" of C:\\","#
                + #""metadata":{"a":["x",{"c":"y"}],"b":"two","none":{},"number":"7"}}"# + "\n")
        #expect(line("m", as: .json).hasSuffix(#""message":"m","metadata":{}}"# + "\n"))
    }

    @Test func `A line for people has the metadata at its end`() {
        #expect(
            line("a message", ["b": "two", "a": "1"], as: .text)
                == "2025-11-27T08:00:00.123456Z warning directory: a message a=1 b=two\n")
    }

    /// Ends of lines, escape sequences of terminals, what reorders text.
    private static let attacks = [
        "two\nlines", "\r\n{\"level\":\"info\"}", "a\u{1B}[2J\u{7}", "\u{9B}31m", "\u{7F}\u{1}\u{8}\t",
        "a\u{2028}b\u{2029}c\u{85}",
        "\u{202E}gnp.exe", "\u{2066}x\u{2069}\u{200F}\u{61C}", "e\u{301}\u{1F468}\u{200D}\u{1F469} ü \u{E9}",
    ]

    @Test(arguments: attacks, [LogFormat.json, .text])
    func `No text ends a line or reaches a terminal as a command`(_ text: String, _ format: LogFormat) throws {
        let written = line(text, [text: .string(text), "list": .array([.string(text)])], as: format)
        #expect(written.hasSuffix("\n"))
        for scalar in written.unicodeScalars.dropLast() {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: Issue.record("U+\(String(scalar.value, radix: 16))")
            case .format: #expect(scalar == "\u{200D}")
            default: break
            }
        }
        guard format == .json else { return }
        let json = try JSON(parsing: Array(written.utf8.dropLast()), limits: .trusted)
        #expect(json["message"]?.string.map { Array($0.utf8) } == Array(text.utf8))
        #expect(json["metadata"]?[text]?.string.map { Array($0.utf8) } == Array(text.utf8))
        #expect(json["metadata"]?["list"]?.array?.first?.string.map { Array($0.utf8) } == Array(text.utf8))
    }

    /// Runs a command that logs a warning and, in a new database, what it makes.
    private func migrate(
        _ scratch: Scratch, _ variables: [String: String] = [:], onTerminal: Bool = false
    ) async throws -> Outcome {
        let environment = [
            "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url, "DIRECTORY_LOG_LEVEL": "info",
            "DIRECTORY_MISSPELT": "x",
        ].merging(variables) { $1 }
        let command = #""$DIRECTORY" migrate"#
        return try await Program.shell(
            onTerminal ? #"script -qec '\#(command)' /dev/null < /dev/null"# : command, in: scratch,
            environment: environment)
    }

    @Test func `Where stderr is no terminal each line is JSON`() async throws {
        try await Scratch.use { scratch in
            for variables in [[:], ["DIRECTORY_LOG_FORMAT": "auto"], ["DIRECTORY_LOG_FORMAT": "JSON"]] {
                let outcome = try await migrate(scratch, variables)
                #expect(outcome.status == 0)
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.count >= 2)
                for line in lines {
                    let json = try JSON(parsing: Array(line.utf8), limits: .trusted)
                    #expect(
                        (json.members ?? []).map(\.name) == ["time", "level", "label", "message", "metadata"],
                        "\(line)")
                    #expect(json["time"]?.string.flatMap { Instant(rfc3339: $0) } != nil)
                    #expect(json["level"]?.string.flatMap { Logger.Level(rawValue: $0) } != nil)
                    #expect(json["label"] == "directory")
                }
                #expect(
                    lines.contains {
                        $0.contains(#""level":"warning""#) && $0.contains("DIRECTORY_MISSPELT is set, but is not")
                    })
            }
        }
    }

    @Test func `On a terminal, or where it is set, lines are for people`() async throws {
        try await Scratch.use { scratch in
            let set = try await migrate(scratch, ["DIRECTORY_LOG_FORMAT": "text"]).errors
            let shown = try await migrate(scratch, onTerminal: true).output
            for text in [set, shown] {
                #expect(text.contains(" warning directory: DIRECTORY_MISSPELT is set, but is not"), "\(text)")
                #expect(!text.contains(#"{"time""#), "\(text)")
            }
            let forced = try await migrate(scratch, ["DIRECTORY_LOG_FORMAT": "json"], onTerminal: true).output
            #expect(forced.contains(#""message":"DIRECTORY_MISSPELT is set"#), "\(forced)")
        }
    }

    @Test func `A service that cannot go on says so in its log`() async throws {
        try await Scratch.use { scratch in
            let arguments = ["serve", "--port", "0", "--database-url", "postgres://me:hush@127.0.0.1:1/none"]
            let outcome = try await Running(Program.path, arguments, scratch).outcome()
            #expect(outcome.status == 69)
            let lines = try outcome.errors.split(separator: "\n").map {
                try JSON(parsing: Array($0.utf8), limits: .trusted)
            }
            #expect(lines.last?["level"] == "critical")
            #expect(lines.last?["message"]?.string?.hasPrefix("The database cannot be reached") == true)
            let text = try await Running(
                Program.path, arguments, scratch, ["DIRECTORY_LOG_FORMAT": "text"]
            ).outcome()
            #expect(text.status == 69)
            #expect(text.errors.contains("directory: The database cannot be reached"))
        }
    }

    @Test func `The whole log of a service is JSON, and names nobody`() async throws {
        try await Scratch.use { scratch in
            let arguments = ["--data-dir", scratch.dataDirectory, "--bootstrap-admin", "someone@example.com"]
            let service = try await Service.start(arguments, in: scratch, environment: ["DIRECTORY_LOG_LEVEL": "debug"])
            #expect(try await service.get("/healthz").status == 200)
            let outcome = try await service.stop()
            #expect(outcome.status == 0)
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.contains { $0.contains("stopping; requests in progress are answered first") })
            for line in lines {
                #expect((try? JSON(parsing: Array(line.utf8), limits: .trusted))?["message"] != nil, "\(line)")
            }
            #expect(!outcome.errors.contains("someone@"))
        }
    }
}
