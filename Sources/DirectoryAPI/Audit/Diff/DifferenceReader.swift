import Directory
import DirectoryEvents
import EventSourcing
import Postgres

/// Reads what differs between two moments, some entities at a time: what is held depends neither on how many there are nor on how
/// much happened to one.
struct DifferenceReader: Sendable {
    /// How many events a statement reads at most.
    private static let atOnce = 4096

    /// How many events of each entity are read at first. Most have few; of the others twice as many are read each time.
    private static let atFirst = 16

    let statements: DifferenceStatements
    /// Connections for the events.
    let pool: PostgresPool
    let caller: Caller
    let span: TrailSpan

    /// The keys of the entities to which anything happened in the span, as `DifferenceStatements.keys` says.
    /// - Parameter pool: connections whose statements may take long.
    func keys(_ pool: PostgresPool) async throws -> [Int64] {
        try await statements.keys.run(pool, caller, .now, span).first ?? []
    }

    /// What differs of the entities with some of the keys, in their order.
    func differences(_ keys: ArraySlice<Int64>) async throws -> [(key: Int64, difference: AuditDifference)] {
        var folds: [Position: (fold: DifferenceFold, name: String?)] = [:]
        func fold(_ event: SpanEvent, of head: Position) throws {
            try folds[head, default: (fold: DifferenceFold(), name: event.name)].fold.apply(
                event.payload, at: event.position)
        }
        let elements = Elements(keys)
        var entities = elements.entities.map { SpanPart.Entity(head: $0, after: span.after) }
        var next = DifferenceReader.atFirst
        while !entities.isEmpty {
            let limit = min(next, max(DifferenceReader.atFirst, DifferenceReader.atOnce / entities.count))
            next *= 2
            let part = SpanPart(entities: entities, through: span.through, limit: limit)
            var last: [Position: (position: Position, count: Int)] = [:]
            for event in try await statements.ofEntities.run(pool, caller, .now, part).inOrder {
                try fold(event, of: event.head)
                last[event.head] = (event.position, (last[event.head]?.count ?? 0) + 1)
            }
            entities = entities.compactMap { entity in
                guard let last = last[entity.head], last.count == limit else { return nil }
                return SpanPart.Entity(head: entity.head, after: last.position)
            }
        }
        for start in stride(from: 0, to: elements.ofAccounts.count, by: DifferenceReader.atOnce) {
            let events = elements.ofAccounts[start..<min(start + DifferenceReader.atOnce, elements.ofAccounts.count)]
            let heads = Dictionary(uniqueKeysWithValues: events.map { ($0.position, $0.head) })
            for event in try await statements.ofAccounts.run(pool, caller, .now, events.map(\.position)).inOrder {
                try fold(event, of: heads[event.position] ?? event.head)
            }
        }
        return elements.heads.compactMap { head in
            folds[head].flatMap { $0.fold.difference(name: $0.name) }.map { (key: head, difference: $0) }
        }
    }

    /// Keys, by what they are of.
    private struct Elements {
        /// The first events of all.
        var heads: [Position] = []
        /// Those of entities of the organization.
        var entities: [Position] = []
        /// The events of accounts, with the first of the same account.
        var ofAccounts: [(head: Position, position: Position)] = []

        init(_ keys: ArraySlice<Int64>) {
            for key in keys {
                guard key < 0 else {
                    heads.append(key)
                    entities.append(key)
                    continue
                }
                guard let head = heads.last else { continue }
                if entities.last == head { entities.removeLast() }
                ofAccounts.append((head, -key))
            }
        }
    }
}

extension [SpanEvent] {
    fileprivate var inOrder: [SpanEvent] { sorted { $0.position < $1.position } }
}

extension EntityList {
    /// What differs of each entity of an organization between a position and the moment of the list.
    static func differences(since position: Position) -> EntityList {
        @Sendable func reader(_ request: APIRequest, _ scope: ListScope) -> DifferenceReader {
            DifferenceReader(
                statements: .scoped, pool: request.service.lists, caller: request.caller,
                span: TrailSpan(
                    organization: scope.facts.organization, after: position, through: scope.facts.position))
        }
        return EntityList(
            keys: .found({ request, scope in
                try await reader(request, scope).keys(request.service.walks)
            }) { request, scope, keys in
                PageRows(try await reader(request, scope).differences(keys)) { $0.difference.json }
            })
    }
}
