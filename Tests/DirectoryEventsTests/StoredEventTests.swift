import CanonicalJSON
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// Rows as they were once stored. Each must remain readable: a line is added here for each new type and each new version
/// of a shape, and none is ever changed.
@Suite struct StoredEventTests {
    static func rows() throws -> [StoredRow] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("StoredEvents")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "ndjson" }.sorted { $0.path < $1.path }.flatMap { file in
            try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
                StoredRow(text: Array($0), file: file.lastPathComponent)
            }
        }
    }

    @Test func `Every declared type has a stored row`() throws {
        let kept = try Set(Self.rows().map { try "\($0.payload().type) \($0.payload().schema)" })
        for type in EventCatalog.declarations where !kept.contains("\(type.type) \(type.schema)") {
            let sample = SampleEvents.all.map(\.encoded).first { $0.type == type.type }
            let row = sample.map { String(decoding: StoredRow.text(of: $0), as: UTF8.self) } ?? "its row"
            Issue.record("keep a row of \(type.type) in StoredEvents: \(row)")
        }
    }

    @Test(arguments: try rows())
    func `A stored row is read and written again byte for byte`(_ row: StoredRow) throws {
        let payload = try row.payload()
        let event = try DirectoryEvent(decoding: payload)
        // Rows of older shapes are upcast: they are read, but written in today's shape.
        guard payload.schema == EventCatalog.declaration(of: payload.type)?.schema else { return }
        #expect(StoredRow.text(of: event.encoded) == row.text)
    }

    @Test(arguments: SampleEvents.all)
    func `An event is read as it was written`(_ event: DirectoryEvent) throws {
        let read = try DirectoryEvent(decoding: event.encoded)
        #expect(read == event)
        // Bytes, since == does not distinguish composed and decomposed letters.
        #expect(StoredRow.text(of: read.encoded) == StoredRow.text(of: event.encoded))
    }

    @Test(arguments: SampleEvents.all)
    func `An erased event is read, and written again as it is left`(_ event: DirectoryEvent) throws {
        var erased = event.encoded
        guard erased.sealed != nil else { return }
        erased.sealed = nil
        erased.isErased = true
        let read = try DirectoryEvent(decoding: erased)
        #expect(read.entity == event.entity && read.isCreation == event.isCreation)
        #expect(read != event)
        #expect(read.encoded == erased)
    }

    @Test func `A newer shape, or another kind of stream, is refused`() throws {
        var stored = SampleEvents.all[0].encoded
        stored.schema += 1
        #expect(throws: UnreadableEvent.self) { try DirectoryEvent(decoding: stored) }
        stored = SampleEvents.all[0].encoded
        stored.streamType = "ACCOUNT"
        #expect(throws: UnreadableEvent.self) { try DirectoryEvent(decoding: stored) }
    }

    @Test func `An unknown type or field is refused by name`() throws {
        var stored = SampleEvents.all[0].encoded
        stored.type = "organization.exploded"
        #expect(throws: UnreadableEvent.self) { try DirectoryEvent(decoding: stored) }
        stored.type = "organization.created"
        stored.sealed = nil
        let error = #expect(throws: UnreadableEvent.self) { try DirectoryEvent(decoding: stored) }
        #expect(
            error?.description == "event organization.created (schema 1) cannot be read: sealed.name is not a string")
    }
}

/// One line of `StoredEvents`.
struct StoredRow: Sendable, CustomTestStringConvertible {
    let text: [UInt8]
    let file: String

    var testDescription: String { (try? payload().type) ?? file }

    func payload() throws -> EncodedPayload {
        let json = try JSON(parsing: text)
        func id(_ name: String) -> UUID? { json[name]?.string.flatMap { UUID(text: $0) } }
        return EncodedPayload(
            type: try #require(json["type"]?.string), schema: Int(try #require(json["schema"]?.integer)),
            organization: id("organization"), stream: try #require(id("stream")),
            streamType: try #require(json["streamType"]?.string), related: id("related"), data: json["data"],
            sealed: json["sealed"])
    }

    static func text(of payload: EncodedPayload) -> [UInt8] {
        var members: [JSON.Member] = []
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSON.Member(name: name, value: value)) }
        }
        add("type", .string(payload.type))
        add("schema", .integer(Int64(payload.schema)))
        add("organization", payload.organization.map { .string($0.text) })
        add("stream", .string(payload.stream.text))
        add("streamType", .string(payload.streamType))
        add("related", payload.related.map { .string($0.text) })
        add("data", payload.data)
        add("sealed", payload.sealed)
        return JSON.object(members).canonicalBytes()
    }
}
