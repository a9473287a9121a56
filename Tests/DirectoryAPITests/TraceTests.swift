import CanonicalJSON
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import DirectoryAPI

/// How a request's place in a distributed trace is read, kept and given back.
@Suite struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"
    private static let value = "00-\(trace)-\(parent)-01"

    @Test(arguments: [
        (value, "01"), ("00-\(trace)-\(parent)-00", "00"), ("00-\(trace)-\(parent)-03", "03"),
        // Flags that the specification does not define are not passed on.
        ("00-\(trace)-\(parent)-ff", "03"), ("00-\(trace)-\(parent)-08", "00"),
        // Of a later version the part is read that it shares with this one.
        ("01-\(trace)-\(parent)-01", "01"), ("cc-\(trace)-\(parent)-01-what-the-future-will-bring", "01"),
        ("fe-\(trace)-\(parent)-09-", "01"),
    ])
    func `A valid traceparent is read, and written in version 00`(_ value: String, _ flags: String) throws {
        let read = try #require(TraceParent(value))
        #expect(read.trace == Self.trace && read.parent == Self.parent)
        #expect(read.text == "00-\(Self.trace)-\(Self.parent)-\(flags)")
        #expect(TraceParent(read.text) == read)
    }

    private static let zeros = String(repeating: "0", count: 32)
    private static let invalid = [
        "", "00", String(value.dropLast()), value + "0", value + "-", value + "-00", "ff-\(trace)-\(parent)-01",
        "ff-\(trace)-\(parent)-01-x", "cc-\(trace)-\(parent)-01.x", "cc-\(trace)-\(parent)-0-x",
        "0-\(trace)-\(parent)-01",
        "00-\(zeros)-\(parent)-01", "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-\(parent)-01",
        "00-\(trace)-00F067AA0BA902B7-01", "00-\(trace)-\(parent)-0A", "00-\(trace)-\(parent)-0x",
        "0g-\(trace)-\(parent)-01", "00_\(trace)-\(parent)-01", "00-\(trace)_\(parent)-01", "00-\(trace)-\(parent)_01",
        "00-\(trace.dropLast())-\(parent)0-01", "00-\(trace.dropLast())é-\(parent)-01", "\(value), \(value)",
        "\(value),", " \(value)",
    ]

    @Test(arguments: invalid) func `Anything else is no traceparent`(_ value: String) {
        #expect(TraceParent(value) == nil)
    }

    @Test func `A child is of the same trace, with an id of its own`() throws {
        let read = try #require(TraceParent(Self.value))
        #expect(read.child(id: 0xAB).text == "00-\(Self.trace)-00000000000000ab-01")
        #expect(read.child(id: .max).text == "00-\(Self.trace)-ffffffffffffffff-01")
        #expect(read.child() != read.child())
    }

    private func given(_ answer: Answer) throws -> TraceParent {
        let value = try #require(answer.header("traceparent"), "\(answer.status) has none")
        return try #require(TraceParent(value))
    }

    @Test func `The trace of a request is given back, under a new id each time`() async throws {
        let server = try await Server.shared
        let (_, owner) = try await server.makeOrganization()
        let headers = ["traceparent": Self.value]
        let tag = try #require(try await server.get("/account/me", as: owner).tag)
        let answers = [
            try await server.get("/account/me", as: owner, headers: headers),
            try await server.get("/account/me", as: owner, headers: headers.merging(["If-None-Match": tag]) { $1 }),
            try await server.send("HEAD", "/account/me", as: owner, headers: headers),
            try await server.get("/employee", as: owner, headers: headers),
            try await server.get("/employee/none", as: owner, headers: headers),
            try await server.post("/employee", as: owner, "{}", headers: headers),
            try await server.send("GET", "/account/me", as: nil, headers: headers),
            try await server.send("GET", "/console", as: nil, headers: headers),
            try await server.send("GET", "/nowhere", as: nil, headers: headers),
        ]
        #expect(answers.map(\.status) == [200, 304, 200, 200, 404, 400, 401, 200, 404])
        let traces = try answers.map { try given($0) }
        #expect(traces.allSatisfy { $0.trace == Self.trace && $0.flags == 1 })
        #expect(Set(traces.map(\.parent)).count == traces.count)
        #expect(!traces.contains { $0.parent == Self.parent })
    }

    @Test func `No trace is begun where a request has no valid one`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        #expect(try await server.get("/account/me", as: owner).header("traceparent") == nil)
        for value in ["00-\(Self.zeros)-\(Self.parent)-01", "nonsense", Self.value + "-more"] {
            let made = try await server.post(
                "/employee", as: owner, in: organization, #"{"name":"N","email":"\#(unique("e"))@example.org"}"#,
                headers: ["traceparent": value])
            #expect(made.status == 201, "\(value)")
            #expect(made.header("traceparent") == nil, "\(value)")
            let entry = try await server.lastEntry(of: organization, as: owner)
            #expect(entry["context"]?["requestId"] != nil && entry["context"]?["traceparent"] == nil)
        }
        // Two are none.
        let lines = ["traceparent: \(Self.value)", "traceparent: \(Self.value)"]
        let socket = try RawSocket(port: server.port)
        let head = ["GET /healthz HTTP/1.1", "Host: x", "Connection: close"] + lines
        await socket.send(head.joined(separator: "\r\n") + "\r\n\r\n")
        let answer = RawAnswer(try #require(await socket.receiveAll()))
        #expect(answer.status == 200 && answer.header("traceparent") == nil)
    }

    @Test func `The trail shows the trace of the request that caused an entry`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post(
            "/employee", as: owner, in: organization, #"{"name":"N","email":"\#(unique("e"))@example.org"}"#,
            headers: ["Traceparent": "cc-\(Self.trace)-\(Self.parent)-01-more", "X-Request-Id": "traced"])
        #expect(made.status == 201)
        let entry = try await server.lastEntry(of: organization, as: owner)
        // As it was sent, in the version that is known: the caller's id says which of its operations made the change.
        #expect(entry["context"]?["traceparent"]?.string == Self.value)
        let names = (entry["context"]?.members ?? []).map(\.name)
        #expect(names.last == "traceparent" && names.first == "requestId")

        let filter = "organization=\(organization)&requestId=traced"
        let csv = try await server.get("/audit/export?format=csv&\(filter)", as: owner)
        #expect(csv.text.hasPrefix("position,"))
        let lines = csv.text.split(separator: "\r\n")
        #expect(lines.first?.hasSuffix(",traceparent") == true && lines.count > 1)
        #expect(lines.dropFirst().allSatisfy { $0.hasSuffix(",\(Self.value)") })
        let events = try await server.get("/audit/export?format=cloudevents&\(filter)", as: owner)
        let event = try JSON(parsing: Array(events.text.prefix { $0 != "\n" }.utf8), limits: .trusted)
        #expect(event["traceparent"]?.string == Self.value)

        // It is in the event's origin, and so in the proof of it.
        let stored = try await TestDatabase(url: server.database).texts(
            "select origin ->> 'traceparent' from log.events where position = \(made.position)")
        #expect(stored == ["(\(Self.value))"])
        let opening = try await server.get("/audit/log/opening?position=\(made.position)", as: owner)
        #expect(opening.text.contains(Self.value))
    }

    @Test(.timeLimit(.minutes(10))) func `The log of a request that fails names its trace`() async throws {
        let recorder = LogRecorder()
        let server = try await Server.start(logger: recorder.logger) { $0.readDeadline = .milliseconds(500) }
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)"
        while try await server.get(path, as: owner).status != 200 {}
        let (failed, stopped) = try await DeadlineTests.stop("reads", of: server) {
            try await server.get(path, as: owner, headers: ["traceparent": Self.value])
        }
        defer { for process in stopped { kill(process, SIGCONT) } }
        #expect(failed.status == 503)
        let own = try given(failed)
        #expect(own.trace == Self.trace)
        let line = try #require(recorder.lines.first { $0.contains("request failed") && $0.contains(Self.trace) })
        #expect(line.contains(own.parent) && !line.contains(Self.parent), "\(line)")
        try await server.stop()
    }

    @Test func `Every operation describes the header, in requests and responses`() {
        let document = OpenAPI.document(of: Operations.all)
        for operation in Description(document).operations {
            #expect(operation.parameters.contains { $0["name"] == "traceparent" && $0["in"] == "header" })
            for response in operation.json["responses"]?.members ?? [] {
                let described = Description.resolve(response.value, in: document)
                #expect(described["headers"]?["traceparent"] != nil, "\(operation.name) \(response.name)")
            }
        }
    }
}
