import Directory
import EventSourcing
import FoundationEssentials

extension QueryParameter {
    /// The parameters of every list.
    static let paging = [
        QueryParameter(
            "limit", .integer(1...1000), "The size of a page; without it the whole list is streamed.", example: "100"),
        QueryParameter("cursor", .text(.line), "Where the page before ended, from its Link header."),
    ]
}

extension APIRequest {
    /// Finds where a list starts, at a moment; refuses who may not read it.
    typealias FindScope = @Sendable (APIRequest, Moment) async throws -> ListScope

    /// Answers a list: whole and streamed, or a page with `Link: rel="next"` (RFC 8288). All pages show one moment.
    /// - Parameters:
    ///   - start: where the list starts; asked again for each page, since rights may have ended in between.
    ///   - moment: the moment of the first page, where it is not that of `asOf`.
    ///   - list: the list from there.
    func list(
        from start: @escaping FindScope, at moment: Moment? = nil, _ list: (ListScope) -> EntityList
    ) async throws -> APIResponse {
        guard let limit = query("limit").flatMap({ Int($0) }) else {
            guard query("cursor") == nil else {
                throw Problem.invalid("A cursor goes with a limit.", [Refusal.Field("?cursor", "goes with a limit")])
            }
            let scope = try await firstScope(from: start, at: moment)
            let stream = ListStream(self, scope, list(scope), start)
            let first = try await stream.page(after: .start, size: ListStream.sizes.first)
            return listed(.list(first, stream), scope)
        }
        let cursor = try cursor()
        let scope =
            if let cursor { try await self.scope(of: cursor, from: start) } else {
                try await firstScope(from: start, at: moment)
            }
        let (rows, last) = try await page(of: list(scope), scope, after: cursor?.key, limit: limit)
        var reply = listed(.elements(try await rows.rendered()), scope)
        if let last {
            let next = ListCursor(position: scope.facts.position, key: last, organization: scope.facts.organization)
            reply.headers[.link] = "<\(link(to: next))>; rel=\"next\""
        }
        return reply
    }

    private func firstScope(from start: FindScope, at moment: Moment?) async throws -> ListScope {
        if let moment { return try await start(self, moment) }
        return try await atStatedMoment { try await start(self, $0) }
    }

    private func scope(of cursor: ListCursor, from start: FindScope) async throws -> ListScope {
        do {
            let scope = try await start(self, .asOf(cursor.position))
            guard cursor.organization == scope.facts.organization else { throw APIRequest.foreignCursor }
            return scope
        } catch let refusal as Refusal {
            // An organization may not have been there yet at the moment of another's cursor.
            guard cursor.organization == (try await start(self, .now).facts.organization) else {
                throw APIRequest.foreignCursor
            }
            throw refusal
        }
    }

    private func listed(_ body: APIResponse.Body, _ scope: ListScope) -> APIResponse {
        var reply = APIResponse(body, for: scope.facts)
        // The pages of a list of the present are of its first page's moment, which nobody asked for.
        if query("asOf") == nil { reply.time = nil }
        return reply
    }

    /// The rows of a page, and where it ended; `nil` for the last page.
    private func page(
        of list: EntityList, _ scope: ListScope, after key: Int64?, limit: Int
    ) async throws -> (rows: PageRows, last: Int64?) {
        switch list.keys {
        case .along(let read):
            let rows = try await read(self, scope, PageSpan(after: key ?? 0, limit: limit))
            return (rows, rows.last)
        case .found(let find, let read):
            let keys = try await keys(scope, find)
            var start = 0
            if let key {
                start = try index(after: key, in: keys)
            }
            let page = keys[start...].elements(limit)
            if page.isEmpty { return (.none, nil) }
            return (try await read(self, scope, page), page.endIndex < keys.endIndex ? page.last : nil)
        }
    }

    /// Where a list goes on after an element. One that has been erased since may not be in it any longer; then the list goes on
    /// with what was created later, which is the order of all lists that erasure shortens.
    private func index(after key: Int64, in keys: [Int64]) throws -> Int {
        if let last = keys.firstIndex(of: key) { return last + 1 }
        guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else { throw APIRequest.foreignCursor }
        return keys.firstIndex { $0 > key } ?? keys.endIndex
    }

    /// The keys of a list, which pages before this one may have found.
    private func keys(
        _ scope: ListScope, _ find: @Sendable (APIRequest, ListScope) async throws -> [Int64]
    ) async throws -> [Int64] {
        let purpose = ListKeyCache.Purpose(
            caller: caller, basis: scope.basis, organization: scope.facts.organization,
            list: filteredPath, position: scope.facts.position)
        if let keys = service.listKeys.keys(for: purpose) { return keys }
        let keys = try await find(self, scope)
        service.listKeys.keep(keys, for: purpose)
        return keys
    }
}
