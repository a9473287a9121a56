import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import DirectoryAPI

extension FuzzTests {
    /// Bodies that are accepted, of each operation that takes one; those whose fields are no texts are known in several forms.
    private static let seeds: [(body: any RequestBody.Type, texts: [String])] = {
        let secrets = #"{"token":"s3cr3t","old":null,"kept":"••••"}"#
        let object = #"{"a":[1,-2.5e3,true,null],"é":{"deep":[[{"x":"y"}]]}}"#
        let more: [String: [String]] = [
            MembershipListBody.name: [
                "[]", #"[{"groupId":"019abcde-0000-7000-8000-00000000002a"}]"#,
                """
                [{"groupId":"019abcde-0000-7000-8000-00000000002a","type":"LEAD"},
                {"type":"member","groupId":"019ABCDE-0000-7000-8000-00000000002B"}]
                """,
            ],
            NewApp.name: [
                #"{"type":"slack","internal":true,"name":"Chat","externalId":"T1","appData":\#(object)}"#,
                #"{"type":"TEAMS","internal":null,"secretData":\#(secrets)}"#,
            ],
            AppPatch.name: [#"{"appData":null,"internal":false,"externalId":null,"secretData":\#(secrets)}"#, "{}"],
            MappingBody.name: [
                #"{"mappedId":"U1","reference":"https://x.example/u","mappingData":\#(object)}"#,
                #"{"mappedId":"U1","mappingSecrets":\#(secrets)}"#,
            ],
            PreferencesBody.name: [#"{"values":\#(object)}"#, #"{"values":{}}"#],
            NewOrganizationKey.name: [#"{"name":"k","limitToRole":"auditor"}"#, #"{"name":"k","limitToRole":null}"#],
        ]
        var seen: Set<String> = []
        return Operations.all.compactMap(\.body).filter { seen.insert($0.name).inserted }.map { body in
            (body, [BodySchema(body).example.canonicalText()] + (more[body.name] ?? []))
        }
    }()

    private struct Sent: CustomStringConvertible {
        let body: any RequestBody.Type
        let bytes: [UInt8]
        var description: String { "\(body.name) \(String(decoding: bytes, as: UTF8.self))" }
    }

    /// What a body says, or the fields that it is refused for.
    private static func read(_ body: any RequestBody.Type, _ bytes: [UInt8]) throws -> (String?, [String]) {
        func read<B: RequestBody>(_: B.Type) throws -> String? {
            let fields = BodyFields(
                try JSON(parsing: bytes, limits: Limits(maximumDepth: 16, maximumArrayCount: 10_000)))
            let body = B(fields)
            try fields.finish()
            return "\(body)"
        }
        do {
            return (try read(body), [])
        } catch let problem as Problem {
            try hold(problem.status.code == 400, "a body is refused by 400")
            try hold(!problem.fields.isEmpty, "a body that is JSON is refused for its fields")
            return (nil, problem.fields.map(\.pointer))
        }
    }

    @Test func `Bodies: what is accepted says the same in its canonical form, and a refusal names the fields`()
        async throws
    {
        let tokens = ["{", "}", "[", "]", ",", ":", "null", "\"\"", "\"••••\":", "\"type\":", "\\u0000", "1e400", "{}"]
        try await Fuzz("bodies").run({ random in
            let (body, texts) = random.pick(Self.seeds)
            let bytes = random.chance(20) ? Array(random.pick(texts).utf8) : Mutator(texts, tokens).bytes(&random)
            return Sent(body: body, bytes: bytes)
        }) { sent in
            let (body, bytes) = (sent.body, sent.bytes)
            guard let json = try? JSON(parsing: bytes, limits: Limits(maximumDepth: 16, maximumArrayCount: 10_000))
            else { return false }
            let (said, pointers) = try Self.read(body, bytes)
            for pointer in pointers {
                try hold(pointer.utf8.first.map { $0 == UInt8(ascii: "/") } ?? true, "\(pointer) is a pointer")
            }
            let (again, refused) = try Self.read(body, json.canonicalBytes())
            try hold(refused.sorted() == pointers.sorted(), "the canonical form is refused for the same fields")
            // What keeps the order of its members is the same but for that order.
            try hold(said.map { Set($0) } == again.map { Set($0) }, "the canonical form of \(body.name) says the same")
            return said != nil
        }
    }
}
