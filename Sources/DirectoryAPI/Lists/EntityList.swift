import Directory
import EventSourcing
import FoundationEssentials

/// A list as a value: how its keys are found, and how the elements of a page are read and rendered. Where it starts, and for
/// whom, is a `ListScope`.
///
/// A key is the position of the event that created the entity: lists are in the order of creation, unless their keys come in
/// an order of their own.
struct EntityList: Sendable {
    /// How keys are found.
    enum Keys: Sendable {
        /// Page by page, along an index that holds the list's keys in order.
        case along(@Sendable (APIRequest, ListScope, PageSpan) async throws -> [ListElement])
        /// All at once, since that takes a walk or a search: then pages are read by them.
        case found(
            @Sendable (APIRequest, ListScope) async throws -> [Int64],
            elements: @Sendable (APIRequest, ListScope, ArraySlice<Int64>) async throws -> [ListElement])
    }

    let keys: Keys
}

/// An element of a list: its key and its finished JSON.
struct ListElement: Sendable {
    let key: Int64
    let json: [UInt8]
}

/// The part of a list that a page shows: that many elements, after a key.
struct PageSpan: Sendable {
    let after: Int64
    let limit: Int
}

extension EntityList {
    /// A list along an index.
    /// - Parameters:
    ///   - filter: what the statement takes besides scope and span.
    ///   - render: the finished JSON of a row.
    static func along<Filter, Row>(
        _ page: ReadStatement<PageOf<Filter>, Keyed<Row>>, _ filter: Filter,
        render: @escaping @Sendable (Row, CallerFacts) throws -> [UInt8]
    ) -> EntityList {
        EntityList(
            keys: .along { request, scope, span in
                let argument = PageOf(organization: scope.facts.organization, filter: filter, span: span)
                let rows = try await page.run(request.service.lists, request.caller, scope.moment, argument)
                return try rows.map { ListElement(key: $0.key, json: try render($0.row, scope.facts)) }
            })
    }

    /// A list whose keys are found at once.
    /// - Parameters:
    ///   - keys: finds them all, in the order of the list.
    ///   - elements: reads those of a page.
    static func found<Row>(
        _ keys: @escaping @Sendable (APIRequest, ListScope) async throws -> [Int64],
        _ elements: ReadStatement<PageByKeys, Keyed<Row>>,
        render: @escaping @Sendable (Row, CallerFacts) throws -> [UInt8]
    ) -> EntityList {
        EntityList(
            keys: .found(keys) { request, scope, keys in
                let argument = PageByKeys(organization: scope.facts.organization, keys: Array(keys))
                let rows = try await elements.run(request.service.lists, request.caller, scope.moment, argument)
                return try rows.map { ListElement(key: $0.key, json: try render($0.row, scope.facts)) }
            })
    }
}

/// What a statement takes that reads a page along an index.
struct PageOf<Filter: Sendable>: Sendable {
    let organization: UUID?
    let filter: Filter
    let span: PageSpan
}

/// What a statement takes that reads a page by its keys.
struct PageByKeys: Sendable {
    let organization: UUID?
    let keys: [Int64]
}

/// A row of a page, with its key.
struct Keyed<Row: Sendable>: Sendable {
    let key: Int64
    let row: Row
}
