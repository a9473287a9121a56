import Directory
import EventSourcing
import Postgres
import FoundationEssentials

/// A list as a value: how its keys are found, and how the elements of a page are read and rendered. Where it starts, and who
/// asks, is a `ListScope`.
///
/// A key is the position of the event that created the entity: lists are in the order of creation, unless their keys come in
/// an order of their own. A negative key is a further one of the element before it.
struct EntityList: Sendable {
    /// How keys are found.
    enum Keys: Sendable {
        /// Page by page, along an index that holds the list's keys in order.
        case along(@Sendable (APIRequest, ListScope, PageSpan) async throws -> PageRows)
        /// All at once, since that takes a walk or a search: then pages are read by them.
        case found(
            @Sendable (APIRequest, ListScope) async throws -> [Int64],
            rows: @Sendable (APIRequest, ListScope, ArraySlice<Int64>) async throws -> PageRows)
    }

    let keys: Keys
}

/// The rows of a page. They are taken and rendered by what sends them: of a streamed list while the next page is read.
struct PageRows: Sendable {
    /// The key of the last one, where the page's own statement tells that the list goes on after it.
    let last: Int64?
    private let count: Int
    private let render: @Sendable () throws -> [UInt8]

    /// - Parameter render: the finished JSON of a row.
    init<Row: Sendable>(
        _ rows: some Collection<Row> & Sendable, goingOnAfter last: Int64? = nil,
        render: @escaping @Sendable (Row) throws -> [UInt8]
    ) {
        (self.last, count) = (last, rows.count)
        self.render = {
            var json: [UInt8] = []
            for row in rows {
                if !json.isEmpty { json.append(UInt8(ascii: ",")) }
                json += try render(row)
            }
            return json
        }
    }

    /// Their finished JSON, joined by commas. More than a few take a while, in which the event loop of the connection has others
    /// to serve.
    func rendered() async throws -> [UInt8] {
        if count <= ListStream.sizes.first { return try render() }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try await renderedAside() }
    }

    @concurrent private func renderedAside() async throws -> [UInt8] { try render() }

    /// A page without rows.
    static let none = PageRows([[UInt8]]()) { $0 }
}

extension ArraySlice<Int64> {
    /// The keys of the first elements.
    func elements(_ count: Int) -> ArraySlice<Int64> {
        var left = count
        return prefix { key in
            if key >= 0 { left -= 1 }
            return left >= 0
        }
    }
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
                let rows = try await page.rows(request.service.lists, request.caller, scope.moment, argument)
                let shown = rows.indices.prefix(span.limit)
                let last = rows.indices.count > shown.count ? try shown.last.map { try rows.value(at: $0).key } : nil
                return PageRows(shown, goingOnAfter: last) { try render(rows.value(at: $0).row, scope.facts) }
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
                let rows = try await elements.rows(request.service.lists, request.caller, scope.moment, argument)
                return PageRows(rows.indices) { try render(rows.value(at: $0).row, scope.facts) }
            })
    }
}

extension EntityList {
    /// A list whose keys one statement finds.
    /// - Parameter keys: gives one row, with all of them in the order of the list.
    static func found<Argument, Row>(
        by keys: ReadStatement<FoundBy<Argument>, [Int64]>, _ argument: Argument,
        _ elements: ReadStatement<PageByKeys, Keyed<Row>>,
        render: @escaping @Sendable (Row, CallerFacts) throws -> [UInt8]
    ) -> EntityList {
        .found(
            { request, scope in
                let input = FoundBy(organization: scope.facts.organization, argument: argument)
                return try await keys.run(request.service.walks, request.caller, scope.moment, input).first ?? []
            }, elements, render: render)
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

/// What a statement takes that finds all keys of a list in an organization.
struct FoundBy<Argument: Sendable>: Sendable {
    let organization: UUID?
    let argument: Argument
}

/// A row of a page, with its key.
struct Keyed<Row: Sendable>: Sendable {
    let key: Int64
    let row: Row
}

extension Parameters {
    /// The organization in which keys are found.
    func organization<Argument>() -> String where Input == ReadInput<FoundBy<Argument>> {
        uuid { $0.argument.organization }
    }
}
