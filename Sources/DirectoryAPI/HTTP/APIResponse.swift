import Directory
import EventSourcing
import HTTPTypes

/// The result of an operation, before it becomes an HTTP response.
struct APIResponse: Sendable {
    enum Body: Sendable {
        case none
        case json([UInt8])
        case bytes([UInt8], contentType: String)
        /// A JSON array of finished elements that are joined by commas.
        case elements([UInt8])
        /// A list from its first page on, streamed.
        case list(ListPage, ListStream)
        /// An export of the trail from its first page on, streamed.
        case export(AuditExport.Page, AuditExport)
        /// Entries of the trail as they come.
        case stream(FeedStream)
    }

    var status: HTTPResponse.Status = .ok
    var body: Body
    var tag: EntityTag?
    /// The log position of the state shown, or a mutation's own position.
    var position: Position?
    /// The time of that position, where the request asked for a past moment.
    var time: Instant?
    var headers: HTTPFields = [:]
}

extension APIResponse {
    /// What a read found for a caller, of the moment that it asked for.
    init(_ body: Body, tag: EntityTag? = nil, for facts: CallerFacts) {
        self.init(body: body, tag: tag, position: facts.position, time: facts.time)
    }
}
