import Directory
import EventSourcing
import Foundation
import Testing

@Suite struct HistoryFileTests {
    private static let hire = #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p1","name":"Ada","email":"a@x.de"}"#

    private func error(_ second: String) -> String? {
        do {
            _ = try HistoryFile(parsing: Array("\(Self.hire)\n\(second)\n".utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"leave","person":"p2"}"#,
            "line 2: person: nobody was hired under this word in a line above"
        ),
        (#"{"at":"2023-01-01T00:00:00Z","op":"leave","person":"p1"}"#, "line 2: at: it lies before the line above"),
        (#"{"at":"yesterday","op":"leave","person":"p1"}"#, "line 2: at: it is not an RFC 3339 time"),
        (#"{"op":"leave","person":"p1"}"#, "line 2: at: it is missing"),
        (#"{"at":"2024-01-01T00:00:00Z","op":"fire","person":"p1"}"#, "line 2: op: there is no such operation"),
        (#"{"at":"2024-01-01T00:00:00Z","op":"leave","person":7}"#, "line 2: person: it is not a string"),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"leave","person":"p1","why":"x"}"#,
            "line 2: why: leave has no such field"
        ),
        (#"{"at":"2024-01-01T00:00:00Z","op":"set_manager","person":"p1"}"#, "line 2: manager: it is missing"),
        (#"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","email":"b@x.de"}"#, "line 2: name: it is missing"),
        (#"{"at":"2999-01-01T00:00:00Z","op":"leave","person":"p1"}"#, "line 2: at: it is in the future"),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"B","email":"A@X.de"}"#,
            "line 2: email: another person was hired under it in a line above and has not left"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"","email":"b@x.de"}"#,
            "line 2: name: it is empty"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"B","email":"b x.de"}"#,
            "line 2: email: it is not an e-mail address"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"B","email":"b@x..de"}"#,
            "line 2: email: it is not an e-mail address"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"B","email":"<b@x.de>"}"#,
            "line 2: email: it is not an e-mail address"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","name":"\u2800","email":"b@x.de"}"#,
            "line 2: name: it has no visible character"
        ),
        (
            #"{"at":"2024-01-01T00:00:00Z","op":"role","person":"p1","role":"a\u202eb"}"#,
            "line 2: role: it has a control character, or an invisible one that no text may have"
        ),
        ("[]", "line 2: it is not a JSON object"), ("{", "line 2: the text is not JSON (byte 1)"),
        (#"{"op":"leave","op":"leave"}"#, "line 2: an object has two members of the same name (byte 14)"),
    ])
    func `The line and the field at fault are named`(_ line: String, _ expected: String) {
        #expect(error(line) == expected)
    }

    @Test(arguments: ["name", "role", "location"])
    func `No text is longer than the API takes`(_ field: String) throws {
        // Two bytes a letter, since bytes are counted.
        for (count, reason) in [(128, nil), (129, "line 2: \(field): it is longer than 256 bytes")] {
            let texts = ["name": "B"].merging([field: String(repeating: "é", count: count)]) { $1 }
            let members = texts.map { #","\#($0)":"\#($1)""# }.joined()
            let hire = #"{"at":"2024-01-01T00:00:00Z","op":"hire","person":"p2","email":"b@x.de"\#(members)}"#
            #expect(error(hire) == reason)
            guard field != "name" else { continue }
            let change =
                #"{"at":"2024-01-01T00:00:00Z","op":"\#(field)","person":"p1","\#(field)":"\#(texts[field] ?? "")"}"#
            #expect(error(change) == reason)
        }
    }

    @Test func `An empty text that may be missing is none`() throws {
        let role = #"{"at":"2024-01-01T00:00:00Z","op":"role","person":"p1","role":""}"#
        let file = try HistoryFile(parsing: Array("\(Self.hire)\n\(role)\n".utf8))
        guard case .role(_, nil) = file.lines.last?.change else {
            Issue.record("\(file.lines)")
            return
        }
    }

    @Test func `Empty lines are counted and change nothing`() throws {
        let file = try HistoryFile(parsing: Array("\(Self.hire)\n\r\n\(Self.hire)".utf8))
        #expect(file.lineCount == 3)
        #expect(file.lines.map(\.number) == [1, 3])
        #expect(try HistoryFile(parsing: []).lineCount == 0)
    }

    @Test func `The digest is that of the file and of its beginning`() throws {
        let one = try HistoryFile(parsing: Array("\(Self.hire)\n".utf8))
        let unended = try HistoryFile(parsing: Array(Self.hire.utf8))
        let two = try HistoryFile(parsing: Array("\(Self.hire)\n\(Self.hire)\n".utf8))
        #expect(one.digest == unended.digest)
        #expect(two.digest != one.digest)
        #expect(two.digest(ofFirst: 1) == one.digest)
        #expect(
            try HistoryFile(parsing: []).digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `An address is free again when its person has left, and its person may be hired again at any time`()
        throws
    {
        func lines(_ operations: [(String, String)]) throws -> Int {
            let text = operations.map { operation, person in
                let fields = operation == "hire" ? #","name":"N","email":"a@x.de""# : ""
                return #"{"at":"2024-01-01T00:00:00Z","op":"\#(operation)","person":"\#(person)"\#(fields)}"#
            }
            return try HistoryFile(parsing: Array(text.joined(separator: "\n").utf8)).lines.count
        }
        #expect(try lines([("hire", "p1"), ("hire", "p1"), ("leave", "p1"), ("hire", "p2"), ("leave", "p2")]) == 5)
        #expect(try lines([("hire", "p1"), ("leave", "p1"), ("hire", "p1")]) == 3)
        #expect(throws: HistoryError.self) {
            try lines([("hire", "p1"), ("leave", "p1"), ("hire", "p2"), ("hire", "p1")])
        }
    }

    // MARK: Plans

    private let organization = UUID(), importID = UUID()

    private func earlier(_ file: HistoryFile, lines: Int? = nil, lastLine: Int) -> EarlierImport {
        let lines = lines ?? file.lineCount
        return EarlierImport(
            import: importID, organization: organization, lines: lines, digest: file.digest(ofFirst: lines),
            lastLine: lastLine)
    }

    private func file(_ days: [Int]) throws -> HistoryFile {
        try HistoryFile(parsing: days.flatMap(line))
    }

    private func line(_ day: Int) -> [UInt8] {
        let text =
            #"{"at":"2024-01-0\#(day)T00:00:00Z","op":"hire","person":"p\#(day)","name":"N","email":"p\#(day)@x.de"}"#
        return Array("\(text)\n".utf8)
    }

    @Test func `A new file is accepted unless it begins before the last import`() throws {
        let new = try file([3, 4])
        #expect(try ImportPlan(of: new, after: [], lastEffectiveAt: nil) == .begin)
        let third = Instant(rfc3339: "2024-01-03T00:00:00Z"), fourth = Instant(rfc3339: "2024-01-04T00:00:00Z")
        #expect(
            try ImportPlan(of: new, after: [earlier(try file([1, 2]), lastLine: 2)], lastEffectiveAt: third) == .begin)
        refused(.rule) { try ImportPlan(of: new, after: [], lastEffectiveAt: fourth) }
    }

    @Test func `The same file resumes after its last line`() throws {
        let same = try file([1, 2, 3])
        let plan = try ImportPlan(
            of: same, after: [earlier(same, lastLine: 2)], lastEffectiveAt: Instant(rfc3339: "2024-01-02T00:00:00Z"))
        #expect(plan.lines(of: same).map(\.number) == [3])
        #expect(!plan.needsStart(for: same))
        let done = try ImportPlan(of: same, after: [earlier(same, lastLine: 3)], lastEffectiveAt: nil)
        #expect(done.lines(of: same).isEmpty)
    }

    @Test func `A file with lines added resumes, one with lines changed does not`() throws {
        let before = try file([1, 2])
        let known = [earlier(before, lastLine: 2)]
        let last = Instant(rfc3339: "2024-01-02T00:00:00Z")
        let longer = try file([1, 2, 3])
        let plan = try ImportPlan(of: longer, after: known, lastEffectiveAt: last)
        #expect(plan.lines(of: longer).map(\.number) == [3])
        #expect(plan.needsStart(for: longer))
        for changed in [[1, 3], [1, 3, 3], [1]] {
            refused(.rule) { try ImportPlan(of: file(changed), after: known, lastEffectiveAt: last) }
        }
    }

    @Test func `A stopped import resumes with its remaining lines corrected`() throws {
        let known = [earlier(try file([1, 2, 9]), lines: 2, lastLine: 2)]
        let corrected = try file([1, 2, 3])
        let plan = try ImportPlan(
            of: corrected, after: known, lastEffectiveAt: Instant(rfc3339: "2024-01-02T00:00:00Z"))
        #expect(plan.lines(of: corrected).map(\.number) == [3])
        #expect(plan.needsStart(for: corrected))
    }
    /// Nothing is known about what this file has: its people would be imported into an unrelated organization.
    @Test func `An import stopped before its first line is not resumed`() throws {
        let refused = try file([1, 2]), other = try file([3])
        #expect(
            try ImportPlan(of: other, after: [earlier(refused, lines: 0, lastLine: 0)], lastEffectiveAt: nil) == .begin)
        let blank = try HistoryFile(parsing: Array("\n \n".utf8) + line(1))
        let otherBlank = try HistoryFile(parsing: Array("\n \n".utf8) + line(2))
        let stopped = earlier(blank, lines: 2, lastLine: 2)
        #expect(otherBlank.digest(ofFirst: 2) == stopped.digest)
        #expect(try ImportPlan(of: otherBlank, after: [stopped], lastEffectiveAt: nil) == .begin)
        // A file of which nothing has been carried out yet is still the same file.
        let begun = earlier(blank, lastLine: 0)
        #expect(try ImportPlan(of: blank, after: [begun, stopped], lastEffectiveAt: nil) == .goOn(begun))
    }
}

extension HistoryFile {
    /// Reads a file at the moment at which a world begins.
    init(parsing bytes: [UInt8]) throws(HistoryError) { try self.init(parsing: bytes, now: World.time(0)) }
}
