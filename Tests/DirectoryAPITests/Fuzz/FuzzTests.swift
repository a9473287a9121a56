import CanonicalJSON
import Crypto
import DirectoryEvents
import EventSourcing
import Foundation
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// Throws mutated inputs at whatever reads what clients send. `bin/fuzz` runs it, and `bin/test` after the other tests.
@Suite(.serialized, .enabled(if: Fuzz.seconds != nil)) struct FuzzTests {
    private static let names = Mutator([
        "Ada Keller", "O'Brien Anne-Marie", "Łódź Søren Işık", "مُحَمَّد", "שָׁלוֹם", "राम कुमार", "이준호", "がき ｶﾞｷ", "Straße",
        "ὈΔΥΣΣΕΎΣ ᾳ",
        "می\u{200C}خواهم", "👩\u{200D}💻 X", "",
    ])
    private static let addresses = Mutator(
        ["ada@example.org", "ada.keller+hr@acme.example", "jürgen@münchen.de", "andre\u{301}@x.fr", "用户@例え.jp", "a@b"],
        ["@", ".", "..", "-", "xn--", "\"", "a@"])
    private static let values = Mutator([
        "2026-11-24T07:00:00.123456+01:00", "2026-11-24T23:59:60Z", "2024-02-29",
        "019abcde-0000-7000-8000-00000000002a",
        "DIRECT", "system", "employee.*", "employee.role_changed", "asc", "ORGANIZATION", "all", "9223372036854775807",
        "1", "-1", "acme-2", "Europe/Berlin", "KR", "none", "abc.DEF_1-2", "",
    ])

    @Test func `JSON: what is read is written, and reads back the same`() async throws {
        let mutator = Mutator(
            [
                #"{"a":[1,-2.5e-3,true,null],"é\u20ac\ud83d\ude02":"x\ny","b":{"c":{}}}"#,
                #"[[["\\\"",123456789012345678e-4,0.1,1e308,9007199254740992]]]"#, #"{"name":"N","name":"M"}"#,
                "\"\\u0000\"",
            ], ["{", "}", "[", "]", ",", ":", "\"", "\\u", "\\ud800", "1e", "e9", "0", "null", "-"])
        try await Fuzz("json").run({ mutator.bytes(&$0) }) { (bytes: [UInt8]) in
            let value: JSON
            do throws(JSONError) {
                value = try JSON(parsing: bytes, limits: Limits(maximumDepth: 16, maximumArrayCount: 100))
            } catch {
                try hold((0...bytes.count).contains(error.offset), "an error is inside the text")
                return false
            }
            let canonical = value.canonicalBytes()
            let read = try JSON(parsing: canonical)
            try hold(read == value, "the canonical text has the same value")
            try hold(read.canonicalBytes() == canonical, "the canonical text is its own")
            return true
        }
    }

    @Test func `Addresses: what is accepted is accepted in the form in which it is compared`() async throws {
        try await Fuzz("addresses").run({ Self.addresses.text(&$0) }) { text in
            let key = SearchText.emailKey(text)
            try hold(SearchText.emailKey(key).isIdentical(to: key), "a key is its own key")
            for form in normalForms(of: text) {
                try hold(SearchText.emailKey(form).isIdentical(to: key), "every normal form has the same key")
            }
            // Swift compares by tables of its own.
            let lower = text.unicodeScalars.map { $0 == "ς" ? "σ" : $0.properties.lowercaseMapping }.joined()
            try hold(key == lower, "a key is the text in lower case")
            try hold(
                PercentDecoding.decode(PercentDecoding.encode(text)[...])?.isIdentical(to: text)
                    ?? text.utf8.contains(0), "a path carries it")
            guard EmailAddress.isValid(text) else { return false }
            try hold(EmailAddress.isValid(key), "its key is an address")
            for address in [text, key] {
                try hold(address.unicodeScalars.filter { $0 == "@" }.count == 1, "it has one @")
                try hold(TextRule.name.allows(address), "it is a text that can be seen")
                try hold(FieldFormat.email.accept(address)?.isIdentical(to: address) == true, "it is kept as written")
            }
            return true
        }
    }

    @Test func `Names: what is accepted can be searched, and is found`() async throws {
        try await Fuzz("names").run({ Self.names.text(&$0) }) { text in
            let words = SearchText.words(text)
            try hold(same(SearchText.words(words.joined(separator: " ")), words), "words are their own words")
            for form in normalForms(of: text) {
                try hold(same(SearchText.words(form), words), "every normal form has the same words")
            }
            // Postgres indexes 2704 bytes.
            try hold(text.utf8.count > 256 || words.allSatisfy { $0.utf8.count <= 2048 }, "a word fits into an index")
            for search in SearchText.searches(text) {
                try hold(
                    search.allSatisfy { part in words.contains { Array($0.utf8).starts(with: Array(part.utf8)) } },
                    "a name is found by itself")
            }
            let stem = OrganizationAlias.stem(of: text)
            for number in [1, 2, 1000] {
                guard let alias = OrganizationAlias.candidate(number, of: stem) else { continue }
                try hold(FieldFormat.alias.accept(alias) == alias, "an alias that is derived is one")
            }
            let cleaned = TextRule.cleaned(text)
            try hold(TextRule.cleaned(cleaned).isIdentical(to: cleaned), "a text is cleaned at once")
            guard TextRule.prose.allows(text) else { return false }
            try hold(
                !TextRule.line.allows(text) || cleaned.isIdentical(to: text), "a line has nothing to be cleaned of")
            return TextRule.name.allows(text)
        }
    }

    /// The normal forms of a text that Foundation makes; where they are not, by Swift's own tables, they are left out.
    private func normalForms(of text: String) -> [String] {
        [text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping].filter { $0 == text }
    }

    private func same(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
    }

    private static let formats: [FieldFormat] = [
        .text(.line), .text(.name), .text(.prose), .email, .uuid, .id, .date, .birthDate, .timeZone, .country, .time,
        .word,
        .alias, .integer(0...Int64.max), .integer(1...1000), .choice(["asc", "desc"]), .choice(["KEY", "APP"]), .depth,
        .eventType, .actor, .requestID,
    ]

    @Test func `Formats: what is accepted is accepted in the form in which it is stored`() async throws {
        let mutators = [Self.values, Self.names, Self.addresses]
        try await Fuzz("formats").run({ random in
            let format = random.pick(Self.formats)
            return (format, random.pick(mutators).text(&random))
        }) { format, text in
            if let time = Instant(rfc3339: text) {
                try hold(Instant(rfc3339: time.description) == time, "a time that is written reads back the same")
            }
            guard let stored = format.accept(text) else { return false }
            try hold(format.accept(stored)?.isIdentical(to: stored) == true, "\(format) accepts what it stores")
            return true
        }
    }

    @Test func `Queries: what is read is written, and reads back the same`() async throws {
        let operations = Operations.all.filter { !$0.query.isEmpty }
        try await Fuzz("queries").run({ random in
            let operation = random.pick(operations)
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let value = random.chance(20) ? Self.addresses.text(&random) : Self.values.text(&random)
                return
                    "\(random.pick(operation.query).name)=\(random.chance(70) ? PercentDecoding.encode(value) : value)"
            }
            return (operation.name, Mutator([parts.joined(separator: "&")], ["&", "=", "%", "+", "%C3"]).text(&random))
        }) { name, text in
            let declared = operations.first { $0.name == name }?.query ?? []
            let values: [String: String]
            do {
                values = try QueryString(text[...]).values(declared)
            } catch let problem as Problem {
                try hold(problem.status.code == 400, "a query is refused by 400")
                return false
            }
            let written = values.map { "\($0)=\(PercentDecoding.encode($1))" }.joined(separator: "&")
            let read = try QueryString(written[...]).values(declared)
            try hold(read.count == values.count, "as many values are read as written")
            for (name, value) in values {
                try hold(read[name]?.isIdentical(to: value) == true, "\(name) reads back the same")
            }
            return !values.isEmpty
        }
    }

    @Test func `Audit filters: what is accepted gives the same query in its canonical form`() async throws {
        try await Fuzz("audit filters").run({ random in
            var values: [String: String] = [:]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                values[random.pick(AuditFilter.parameters).name] = Self.values.text(&random)
            }
            return values
        }) { values in
            let filter: AuditFilter
            do {
                filter = try AuditFilter(parsing: values)
            } catch let refusal as Refusal {
                try hold(refusal.kind == .invalid, "a filter is refused as invalid")
                return false
            }
            let canonical = values.compactMapValues { $0 }.reduce(into: [String: String]()) { canonical, value in
                let format = AuditFilter.parameters.first { $0.name == value.key }?.format
                canonical[value.key] = format?.accept(value.value)
            }
            let again = try AuditFilter(parsing: canonical)
            try hold("\(again)" == "\(filter)", "the canonical form is the same filter")
            try hold("\(again.query)" == "\(filter.query)", "the canonical form is the same query")
            return true
        }
    }
}
