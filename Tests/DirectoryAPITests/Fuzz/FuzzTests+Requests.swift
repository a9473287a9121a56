import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import HTTPTypes
import TestSupport
import Testing

@testable import DirectoryAPI

extension FuzzTests {
    @Test func `Cursors: one that is accepted is the one that was given`() async throws {
        let server = try await Server.shared
        let operation = try #require(Operations.all.first { $0.name == "listEmployees" })
        func request(_ cursor: String?, status: String = "ACTIVE") throws -> APIRequest {
            let query = "limit=1&status=\(status)" + (cursor.map { "&cursor=\(PercentDecoding.encode($0))" } ?? "")
            return try APIRequest(
                service: server.service, route: Route(operation), method: "GET", path: "/api/v1/employee",
                caller: .nobody,
                credential: "", id: RequestID(header: nil, at: Instant(microseconds: 0)), headers: [:], body: [],
                address: { nil }, parameters: [], query: query[...])
        }
        func text(of cursor: ListCursor) throws -> String {
            let link = try request(nil).link(to: cursor)
            let encoded = link.split(separator: "cursor=").last ?? ""
            return PercentDecoding.decode(encoded) ?? ""
        }
        try await Fuzz("cursors").run({ random in
            let cursor = ListCursor(
                position: .random(in: .min ... .max, using: &random), key: .random(in: 0 ... .max, using: &random),
                organization: random.chance(50) ? nil : UUID(high: random.next(), low: random.next()))
            let own = try text(of: cursor)
            return random.chance(20) ? own : Mutator([own], ["=", "/", "+", "A"]).text(&random)
        }) { sent in
            let read: APIRequest
            do {
                read = try request(sent)
                guard let cursor = try read.cursor() else { return false }
                try hold(try text(of: cursor).isIdentical(to: sent), "it is written as it was sent")
            } catch let problem as Problem {
                try hold(problem.status.code == 400, "a cursor is refused by 400")
                return false
            }
            do {
                _ = try request(sent, status: "INACTIVE").cursor()
                throw Fuzz.Fault("it serves another list")
            } catch is Problem {}
            return true
        }
    }

    /// A request, with all that is mutated in it.
    private struct Sent: CustomStringConvertible {
        let operation: Operation
        let path: String
        let body: [UInt8]?
        let headers: [String: String]

        var description: String {
            "\(operation.method.rawValue) \(path) \(headers) \(body.map { String(decoding: $0, as: UTF8.self) } ?? "")"
        }
    }

    private static let texts = Mutator([
        "Ada Keller", "O'Brien Anne-Marie", "مُحَمَّد Łódź", "ada@example.org", "jürgen@münchen.de", "a@b", "DIRECT", "UTC",
        "2024-02-29", "2026-11-24T07:00:00Z", "019abcde-0000-7000-8000-00000000002a", "1", "9223372036854775807",
        "employee.*", "none", "acme", "SLACK", "OWNER", "user", "••••", "GROUP", "",
    ])

    /// Texts of headers, which are ASCII.
    private static let headerTexts = [
        "*", "\"1\"", "W/\"1\"", "\"1\", \"2\"", "\"", ",", "x", "0192f0c1-0000-7000-8000-000000000000", "a b",
        "\"1h\"",
        "\"9223372036854775808\"",
    ]

    /// A stream would be read for ever.
    private static let ending = Operations.all.filter { !$0.isStream }

    private static func make(_ ids: [String], _ random: inout SeededGenerator) -> Sent {
        let operation = random.pick(ending)
        let segments = operation.path.segments.map { segment in
            switch segment {
            case .name(let name): return name
            case .parameter(let name):
                // What ends something is asked of nobody: it would end what later requests are about.
                let isKnown = operation.method != .delete && name != "name" && random.chance(70)
                return PercentDecoding.encode(isKnown ? random.pick(ids) : texts.text(&random))
            }
        }
        var path = "/" + segments.joined(separator: "/")
        let query = operation.query.filter { _ in random.chance(30) }.map {
            "\($0.name)=\(PercentDecoding.encode(random.chance(20) ? random.pick(ids) : texts.text(&random)))"
        }
        if !query.isEmpty { path += "?" + query.joined(separator: "&") }
        var headers: [String: String] = [:]
        for name in ["If-Match", "If-None-Match", "Idempotency-Key"] where random.chance(8) {
            headers[name] = random.pick(headerTexts)
        }
        return Sent(
            operation: operation, path: path, body: operation.body.map { body($0, ids, &random) }, headers: headers)
    }

    private static func body(
        _ body: any RequestBody.Type, _ ids: [String], _ random: inout SeededGenerator
    ) -> [UInt8] {
        let schema = BodySchema(body)
        let isList = schema.example.array != nil
        let example = isList ? schema.example.array?.first : schema.example
        let members = schema.fields.filter { $0.isRequired || random.chance(50) }.map { field in
            let value: JSON =
                switch Int.random(in: 0..<10, using: &random) {
                case 0...3: example?[field.name] ?? .null
                case 4: .string(random.pick(ids))
                case 5: random.pick([.null, .bool(true), 1, [], [:], "", ["a": 1], ["token": "s"], ["token": "••••"]])
                default: .string(texts.text(&random))
                }
            return JSON.Member(name: field.name, value: value)
        }
        let bytes = (isList ? JSON.array([.object(members)]) : .object(members)).canonicalBytes()
        guard random.chance(10) else { return bytes }
        return Mutator([String(decoding: bytes, as: UTF8.self)], ["{", "\"", ",", "\\u0000"]).bytes(&random)
    }

    @Test func `Requests: whatever is sent, no answer is 500, and what was made is found`() async throws {
        let server = try await Server.shared
        var (organization, owner) = try await server.makeOrganization()
        var ids: [String] = []
        var sent = 0
        try await Fuzz("requests").run({ Self.make(ids.isEmpty ? ["x"] : ids, &$0) }) { request in
            if sent.isMultiple(of: 300) {
                (organization, owner) = try await server.makeOrganization()
                let employee = try await server.makeEmployee(organization, by: owner)
                let group = try await server.makeGroup(organization, by: owner)
                let app = try await server.makeApp(organization, by: owner)
                ids = [organization, owner.id, owner.email, employee, group, app]
            }
            sent += 1
            let answer = try await server.send(
                request.operation.method.rawValue, request.path, token: owner.token, in: organization,
                body: request.body, headers: request.headers)
            // A database that is slow to answer on a busy machine is no fault of an input.
            try hold(answer.status < 500 || answer.status == 503, "no answer is 500: \(answer.text)")
            if answer.status == 201, ["createEmployee", "createGroup", "addApp"].contains(request.operation.name) {
                ids.append(answer.id)
                if request.operation.name == "createEmployee" {
                    try await checkIsFound(answer, server, organization, owner)
                }
            }
            return answer.status < 400
        }
    }

    /// Expects that an employee is found by its address in the form in which it is compared, and by its name.
    private func checkIsFound(
        _ employee: Answer, _ server: Server, _ organization: String, _ owner: Person
    ) async throws {
        let key = SearchText.emailKey(employee["email"] ?? "")
        let found = try await server.get(
            "/employee?email=\(PercentDecoding.encode(key))", as: owner, in: organization)
        try hold(found.ids.contains(employee.id), "it is found by its address")
        let name = employee["name"] ?? ""
        guard !SearchText.words(name).isEmpty else { return }
        let named = try await server.get(
            "/employee/by-name/\(PercentDecoding.encode(name))", as: owner, in: organization)
        try hold(named.ids.contains(employee.id), "it is found by its name")
    }
}
