import Directory
import EventSourcing
import HTTPTypes

/// The result of an operation, before it becomes an HTTP response.
struct Reply: Sendable {
    enum Body: Sendable {
        case none
        case json([UInt8])
        case bytes([UInt8], contentType: String)
        /// A JSON array of finished elements, streamed page by page; the first page has been read.
        case array(first: [[UInt8]], more: ListPages?)
    }

    var status: HTTPResponse.Status = .ok
    var body: Body
    var tag: EntityTag?
    /// The log position of the state shown, or a mutation's own position.
    var position: Position?
    var headers: HTTPFields = [:]
}

/// The pages of a list after the first, all of one moment.
struct ListPages: Sendable {
    /// Where the first page ended.
    let cursor: ListCursor
    /// Reads the page after a cursor; the last page has no next cursor.
    let fetch: @Sendable (ListCursor) async throws -> ListPage
}

/// A page of a list.
struct ListPage: Sendable {
    /// The finished JSON of the elements.
    var elements: [[UInt8]]
    /// Where the page ended; `nil` for the last page.
    var next: ListCursor?
}

/// Where a page ended.
struct ListCursor: Sendable, Equatable {
    /// The moment that all pages show.
    let position: Position
    /// The order key of the last element.
    let key: Int64
}
