import CanonicalJSON
import EventLog

extension AuditEntry {
    /// The content type of an entry as a CloudEvent.
    static let cloudEventType = "application/cloudevents+json"

    /// The entry as a CloudEvent (CloudEvents 1.0, JSON format): its `id` is the event's, its `subject` the entity that the event
    /// changed, and its `data` the entry. A trace that the request belonged to is named as the extension for tracing has it.
    /// - Parameter source: where events of this log come from, a URI reference: together with `id` it names the event.
    func cloudEvent(from source: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.member("specversion", "1.0")
        writer.member("id", id.text)
        writer.member("source", source)
        writer.member("type", type)
        if let subject = targets.first { writer.member("subject", subject.id.text) }
        writer.member("time", time.description)
        writer.member("datacontenttype", "application/json")
        if let trace = context.first(where: { $0.name == "traceparent" })?.value.string {
            writer.member("traceparent", trace)
        }
        writer.member("data", raw: json)
        writer.endObject()
        return writer.bytes
    }
}

/// Where the CloudEvents of a log come from.
enum CloudEventSource {
    /// That of the log that a database has.
    static func read(_ database: some DatabaseReader) async throws -> String {
        reference(to: try await LogSignature.name(database))
    }

    /// The name of a log as a URI reference (RFC 3986): `//directory.example.com/log`. Names look like addresses without a scheme.
    static func reference(to origin: String) -> String {
        let segments = origin.split(separator: "/", omittingEmptySubsequences: false)
        return "//" + segments.map { PercentDecoding.encode(String($0)) }.joined(separator: "/")
    }
}
