import Directory
import EventSourcing

/// A page of a streamed list.
struct ListPage: Sendable {
    let elements: [ListElement]
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
        /// At an index of the keys, which were found with the first page.
        case at(Int, of: [Int64])
    }

    private let request: APIRequest
    private let scope: ListScope
    private let list: EntityList
    private let start: APIRequest.FindScope
    private let pageSize: Int

    init(
        _ request: APIRequest, _ scope: ListScope, _ list: EntityList, _ start: @escaping APIRequest.FindScope,
        pageSize: Int
    ) {
        (self.request, self.scope, self.list, self.start, self.pageSize) = (request, scope, list, start, pageSize)
    }

    /// Reads a page.
    /// - Throws: a refusal, where the caller may not read the list any longer.
    func page(after place: Place) async throws -> ListPage {
        if case .start = place {
            // The scope is of this very moment.
        } else {
            _ = try await start(request, scope.moment)
        }
        switch (list.keys, place) {
        case (.along(let read), .after(let key)): return try await along(read, after: key)
        case (.along(let read), _): return try await along(read, after: 0)
        case (.found(_, let read), .at(let index, let keys)): return try await found(read, keys, from: index)
        case (.found(let find, let read), _):
            return try await found(read, try await find(request, scope), from: 0)
        }
    }

    private func along(
        _ read: @Sendable (APIRequest, ListScope, PageSpan) async throws -> [ListElement], after key: Int64
    ) async throws -> ListPage {
        let elements = try await read(request, scope, PageSpan(after: key, limit: pageSize))
        guard elements.count == pageSize, let last = elements.last else {
            return ListPage(elements: elements, next: nil)
        }
        return ListPage(elements: elements, next: .after(last.key))
    }

    private func found(
        _ read: @Sendable (APIRequest, ListScope, ArraySlice<Int64>) async throws -> [ListElement],
        _ keys: [Int64], from index: Int
    ) async throws -> ListPage {
        let page = keys[index...].prefix(pageSize)
        let next = page.endIndex < keys.endIndex ? Place.at(page.endIndex, of: keys) : nil
        guard !page.isEmpty else { return ListPage(elements: [], next: nil) }
        return ListPage(elements: try await read(request, scope, page), next: next)
    }
}
