import Directory
import EventSourcing

/// A page of a streamed list.
struct ListPage: Sendable {
    let rows: PageRows
    /// Where the list goes on; `nil` after the last page.
    let next: ListStream.Place?
}

/// A whole list, page by page: all of one moment, each read with the rights that its caller has by then.
struct ListStream: Sendable {
    /// Where a page starts.
    enum Place: Sendable {
        /// At the beginning.
        case start
        /// After the entity with a key.
        case after(Int64)
        /// At these keys, which are those that are left of what was found.
        case at(ArraySlice<Int64>, KeyBasis)
    }

    private let request: APIRequest
    private let scope: ListScope
    private let list: EntityList
    private let start: APIRequest.FindScope

    init(
        _ request: APIRequest, _ scope: ListScope, _ list: EntityList, _ start: @escaping APIRequest.FindScope
    ) {
        (self.request, self.scope, self.list, self.start) = (request, scope, list, start)
    }

    /// The sizes of pages, in elements: the first is small, so that the answer begins soon, and each of the others four times as large
    /// as the one before, since every page costs a look at the caller's rights. Of the largest a slow client may make us hold two.
    static let sizes = (first: 64, largest: 1024)

    /// Reads a page.
    /// - Parameter size: how many elements it has, at most.
    /// - Throws: a refusal, where the caller may not read the list any longer.
    func page(after place: Place, size: Int) async throws -> ListPage {
        // At the start the scope is of this very moment.
        var scope = scope
        if case .start = place {} else { scope = try await start(request, scope.moment) }
        switch list.keys {
        case .along(let read):
            var after: Int64 = 0
            if case .after(let key) = place { after = key }
            let rows = try await read(request, scope, PageSpan(after: after, limit: size))
            return ListPage(rows: rows, next: rows.last.map { .after($0) })
        case .found(let find, let read):
            let keys = try await keys(at: place, scope, find)
            let page = keys.elements(size)
            guard !page.isEmpty else { return ListPage(rows: .none, next: nil) }
            let rest = keys.dropFirst(page.count)
            return ListPage(
                rows: try await read(request, scope, page),
                next: rest.isEmpty ? nil : .at(rest, scope.basis))
        }
    }

    /// The keys that are left. Where what they depend on has changed in between, those that the caller does not find any longer go.
    private func keys(
        at place: Place, _ scope: ListScope,
        _ find: @Sendable (APIRequest, ListScope) async throws -> [Int64]
    ) async throws -> ArraySlice<Int64> {
        guard case .at(let keys, let foundOn) = place else { return try await find(request, scope)[...] }
        if foundOn == scope.basis { return keys }
        let seen = Set(try await find(request, scope))
        return keys.filter(seen.contains)[...]
    }
}
