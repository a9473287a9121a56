import Directory
import EventSourcing
import HTTPTypes

/// What an operation answers, before it is HTTP.
struct Reply: Sendable {
    enum Body: Sendable {
        case none
        case json([UInt8])
        case bytes([UInt8], contentType: String)
        /// A JSON array of finished elements, streamed page by page; the first page is there.
        case array(first: [[UInt8]], more: ListPages?)
    }

    var status: HTTPResponse.Status = .ok
    var body: Body
    var tag: EntityTag?
    /// The log position that the answer shows, or a mutation's own.
    var position: Position?
    var headers: HTTPFields = [:]
}

/// The pages of a list behind its first, all of one moment.
struct ListPages: Sendable {
    /// Where the first page ended.
    let cursor: ListCursor
    /// Reads the page behind a cursor; the last has no next cursor.
    let fetch: @Sendable (ListCursor) async throws -> ListPage
}

/// A page of a list.
struct ListPage: Sendable {
    /// Finished JSON of its elements.
    var elements: [[UInt8]]
    /// Where it ended; `nil` for the last page.
    var next: ListCursor?
}

/// Where a page ended, and the position that all pages show.
struct ListCursor: Sendable, Equatable {
    /// The moment.
    let position: Position
    /// The order key of the last element.
    let key: Int64
}
