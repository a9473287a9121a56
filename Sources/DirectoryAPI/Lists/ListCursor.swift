import Crypto
import Directory
import EventSourcing
import FoundationEssentials

/// Where a page ended, in which organization, and the position that all pages show.
struct ListCursor: Sendable, Equatable {
    let position: Position
    /// The key of the page's last element.
    let key: Int64
    let organization: UUID?
}

extension APIRequest {
    /// The cursor that the query gives, for this path and these filters only.
    /// - Throws: a problem, where it is no cursor of this list.
    func cursor() throws -> ListCursor? {
        guard let text = query("cursor") else { return nil }
        guard let bytes = Base64URL.decode(text.utf8), bytes.count == 48 else { throw APIRequest.foreignCursor }
        func number(_ offset: Int) -> Int64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | Int64($1) } }
        let organization = UUID(high: UInt64(bitPattern: number(16)), low: UInt64(bitPattern: number(24)))
        let cursor = ListCursor(
            position: number(0), key: number(8), organization: organization == .unknown ? nil : organization)
        guard Array(bytes[32...]) == signature(of: cursor) else { throw APIRequest.foreignCursor }
        return cursor
    }

    static let foreignCursor = Problem.invalid(
        "The cursor is not one of this path, these filters and this organization.",
        [Refusal.Field("?cursor", "is not of this list")])

    /// The path and query of the page after a cursor.
    func link(to cursor: ListCursor) -> String {
        let text = Base64URL.encode(bytes(of: cursor) + signature(of: cursor))
        var parts = filters.map { "\($0)=\(PercentDecoding.encode($1))" }
        parts.append("limit=\(query("limit") ?? "")")
        parts.append("cursor=\(text)")
        return "\(path)?\(parts.joined(separator: "&"))"
    }

    /// The path with its filters, without what pages it.
    var filteredPath: String {
        path + "\n" + filters.map { "\($0)=\($1)" }.joined(separator: "\n")
    }

    private func bytes(of cursor: ListCursor) -> [UInt8] {
        let organization = cursor.organization ?? .unknown
        var bytes: [UInt8] = []
        for number in [UInt64(bitPattern: cursor.position), UInt64(bitPattern: cursor.key)] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        withUnsafeBytes(of: organization.uuid) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Binds a cursor to its path and filters, and to a server that gave it: nobody makes up a moment to look at.
    private func signature(of cursor: ListCursor) -> [UInt8] {
        let text = bytes(of: cursor) + Array(filteredPath.utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: text, using: service.cursorKey).prefix(16))
    }

    private var filters: [(String, String)] {
        operation.query.map(\.name).filter { $0 != "limit" && $0 != "cursor" }.sorted()
            .compactMap { name in query(name).map { (name, $0) } }
    }
}
