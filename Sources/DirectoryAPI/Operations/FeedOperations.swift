import Directory
import EventSourcing
import HTTPTypes

extension Operations {
    /// The audit trail as it comes.
    static let feed: [Operation] = [
        Operation(
            method: .get, path: "/api/v1/audit/stream", name: "streamAudit",
            summary: "Follow the audit trail: its entries as they come, as server-sent events",
            resource: .audit, number: nil,
            access: .trail,
            query: AuditFilter.streamParameters, notes: feedNotes,
            response: ResponseShape(schema: nil, contentType: ServerSentEvents.contentType)
        ) { request in
            let filter = AuditFilter(request.query)
            let stream = try await FeedStream(
                request, filter, after: try request.lastEventID ?? request.query("after").map { _ in filter.after },
                as: try await request.eventFormat)
            return APIResponse(body: .stream(stream), position: stream.position)
        }
    ]

    private static let feedNotes = """
        Each event has `event: entry`, `id:` the position of the entry and `data:` the entry as `GET /api/v1/audit` shows it. \
        The stream begins after the position in the header `Last-Event-ID`, which browsers send by themselves when they connect \
        again, else after `after`, else with what comes from now on. Every entry comes once, in order of position; \
        whatever interrupts the stream, it goes on where its client was. A comment every 15 seconds keeps it from being silent. \
        With `Accept: application/cloudevents+json` the data is a CloudEvent (CloudEvents 1.0) whose `data` is the entry.

        Rights are checked as entries flow: the stream ends when its reader may not read the trail any longer, or its token \
        expires. That a stream begins is recorded as a reading of the trail. With `until` it ends when that time is over. When the node shuts down the stream ends with a `retry:`.
        """
}

extension Operation {
    /// Whether its response goes on for as long as its client reads.
    var isStream: Bool { response.contentType == ServerSentEvents.contentType }
}

extension AuditFilter {
    /// The parameters of the stream: those of the trail that do not speak of pages.
    static let streamParameters = parameters.compactMap { parameter -> QueryParameter? in
        switch parameter.name {
        case "limit", "order": nil
        case "after":
            QueryParameter("after", parameter.format, "Where to begin: after this position; 0 for the beginning.")
        // Without an end the example would have none either.
        case "until":
            QueryParameter(
                "until", parameter.format, "Only entries before this time; the stream ends when it is over.",
                example: "2025-01-01T00:00:00Z")
        default: parameter
        }
    }
}

extension APIRequest {
    /// The position that the client has seen last, if it says so.
    fileprivate var lastEventID: Position? {
        get throws {
            guard let text = headers.value(of: .lastEventID), !text.isEmpty else { return nil }
            guard let position = Position(text), position >= 0 else {
                throw Problem.invalid("Last-Event-ID must be a position.")
            }
            return position
        }
    }
}

extension APIRequest {
    /// What the client accepts as the data of events.
    fileprivate var eventFormat: ServerSentEvents.Format {
        get async throws {
            let accepted = (headers.value(of: .accept) ?? "").split(separator: ",").map { range in
                range.prefix { $0 != ";" }.trimmingSpaces.lowercased()
            }
            guard accepted.contains(AuditEntry.cloudEventType) else { return .entry }
            return .cloudEvent(source: try await CloudEventSource.read(service.feed.pool))
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
