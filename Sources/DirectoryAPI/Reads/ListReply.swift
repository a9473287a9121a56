import CanonicalJSON
import Crypto
import Directory
import EventSourcing
import FoundationEssentials
import Postgres

extension QueryParameter {
    /// The parameters of every list.
    static let paging = [
        QueryParameter("limit", .integer(1...1000), "A page of so many; without it the whole list, streamed."),
        QueryParameter("cursor", .text(256), "Where the page before ended, from its Link header."),
    ]
}

extension APIRequest {
    /// How many elements a streamed list reads at a time.
    private static var streamedPage: Int { 500 }

    /// Answers a list: whole and streamed, or a page with `Link: rel="next"` (RFC 8288). All pages show one moment.
    /// - Parameter fetch: reads so many elements behind a cursor, and tells the position that they show.
    func list(
        _ fetch: @escaping @Sendable (ListCursor?, Int) async throws -> (page: ListPage, position: Position)
    ) async throws -> Reply {
        guard let limit = query("limit").flatMap({ Int($0) }) else {
            guard query("cursor") == nil else {
                throw Problem.invalid("A cursor goes with a limit.", [Refusal.Field("?cursor", "goes with a limit")])
            }
            let (first, position) = try await fetch(nil, APIRequest.streamedPage)
            let more = first.next.map { cursor in
                ListPages(cursor: cursor) { try await fetch($0, APIRequest.streamedPage).page }
            }
            return Reply(body: .array(first: first.elements, more: more), position: position)
        }
        let (page, position) = try await fetch(try cursor(), limit)
        var reply = Reply(body: .array(first: page.elements, more: nil), position: position)
        if let next = page.next { reply.headers[.link] = "<\(link(to: next))>; rel=\"next\"" }
        return reply
    }

    /// Rows of a statement whose first columns are facts, then an organization, then the element's order key.
    /// - Parameter element: the finished JSON of a row; the element's own columns begin at 7.
    func page(
        _ rows: Rows, limit: Int, position: Position, _ element: (Row) throws -> [UInt8]
    ) throws -> ListPage {
        var page = ListPage(elements: [], next: nil)
        for index in 0..<rows.count {
            guard !rows[index].isNull(6) else { continue }
            if page.elements.count == limit {
                page.next = ListCursor(position: position, key: try rows[index - 1].int(6))
                break
            }
            page.elements.append(try element(rows[index]))
        }
        return page
    }

    /// The cursor that the query gives, for this path and these filters only.
    private func cursor() throws -> ListCursor? {
        guard let text = query("cursor") else { return nil }
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { throw APIRequest.badCursor }
        func number(_ offset: Int) -> Int64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | Int64($1) } }
        let cursor = ListCursor(position: number(0), key: number(8))
        guard Array(bytes[16...]) == signature(of: cursor) else { throw APIRequest.badCursor }
        return cursor
    }

    private static let badCursor = Problem.invalid(
        "The cursor is not one of this path and these filters.", [Refusal.Field("?cursor", "is not of this list")])

    private func link(to cursor: ListCursor) -> String {
        var bytes: [UInt8] = []
        for number in [cursor.position, cursor.key] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        let text = Data(bytes + signature(of: cursor)).base64EncodedString()
        var parts = filters.map { "\($0)=\(PercentDecoding.encode($1))" }
        parts.append("limit=\(query("limit") ?? "")")
        parts.append("cursor=\(PercentDecoding.encode(text))")
        return "\(path)?\(parts.joined(separator: "&"))"
    }

    /// Binds a cursor to its path and filters, and to a server that gave it: nobody makes up a moment to look at.
    private func signature(of cursor: ListCursor) -> [UInt8] {
        let filters = filters.map { "\($0)=\($1)" }.joined(separator: "\n")
        let text = "\(cursor.position)\n\(cursor.key)\n\(path)\n\(filters)"
        return Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: service.cursorKey).prefix(16))
    }

    private var filters: [(String, String)] {
        operation.query.map(\.name).filter { $0 != "limit" && $0 != "cursor" }.sorted()
            .compactMap { name in query(name).map { (name, $0) } }
    }
}
