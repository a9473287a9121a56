import EventSourcing
import Postgres

/// All read models of a domain, and the side tables next to its log: loads what commands read, folds events, and writes what
/// they changed.
///
/// One fold for five events of a commit and for fifty thousand of a rebuild. An event is offered to the projections of its
/// topic alone, so that a mutation costs the same however many others there are.
public struct ReadModels<Payload: EventPayload>: Sendable {
    /// The projections.
    public let models: [any ReadModel<Payload>]
    /// Names and versions as `Appending.head` reads them: `accounts_v1 employees_v2`.
    public let registration: String
    let sideTables: [any SideTable.Type]
    private let byTopic: [Payload.Topic: [any ReadModel<Payload>]]
    private let byTarget: [LoadTarget: any TableStore]

    /// The read models of these projections, and these side tables.
    public init(_ projections: [any Projection<Payload>.Type], sideTables: [any SideTable.Type] = []) {
        self.init(projections.map { Self.store($0) }, sideTables: sideTables)
    }

    private static func store<P: Projection>(_ projection: P.Type) -> any ReadModel<Payload>
    where P.Payload == Payload {
        Store(projection)
    }

    init(_ models: [any ReadModel<Payload>], sideTables: [any SideTable.Type] = []) {
        self.models = models
        registration = models.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\($0.name)_v\($0.version)" }.joined(separator: " ")
        self.sideTables = sideTables
        var byTopic: [Payload.Topic: [any ReadModel<Payload>]] = [:]
        var byTarget: [LoadTarget: any TableStore] = [:]
        for model in models {
            for topic in model.topics { byTopic[topic, default: []].append(model) }
            byTarget[model.target] = model
        }
        func store<T: SideTable>(_ table: T.Type) -> any TableStore { SideStore(table) }
        for table in sideTables {
            let store = store(table)
            byTarget[store.target] = store
        }
        self.byTopic = byTopic
        self.byTarget = byTarget
    }

    /// The statements that load what is asked for, those of one table in one.
    public func reads(_ loads: some Collection<Load>) -> [Read] {
        Dictionary(grouping: Set(loads), by: \.target).flatMap { target, loads in byTarget[target]?.reads(loads) ?? [] }
    }

    /// Whether the view holds what a load would bring.
    public func holds(_ load: Load, in view: View) -> Bool { byTarget[load.target]?.holds(load, in: view) ?? false }

    /// What must be loaded before these events can be folded, one after the other.
    public func loads(for payloads: [Payload], in view: View) -> [Load] {
        if payloads.count == 1, let models = byTopic[payloads[0].topic] {
            return models.flatMap { $0.loads(for: payloads, in: view) }
        }
        var loads: [Load] = []
        var asked: Set<LoadTarget> = []
        for topic in Set(payloads.map(\.topic)) {
            for model in byTopic[topic] ?? [] where asked.insert(model.target).inserted {
                loads += model.loads(for: payloads.filter { model.topics.contains($0.topic) }, in: view)
            }
        }
        return loads
    }

    /// Folds an event into the view's rows. They are all held: `loads(for:in:)` is empty.
    public func apply(_ event: Event<Payload>, in view: View) {
        for model in byTopic[event.payload.topic] ?? [] { model.apply(event, in: view) }
    }

    /// The statements that write what the batch changed; the view then begins the next batch.
    public func writes(from view: View) -> [(Statement, [Parameter])] { laterWrites(from: view)() }

    /// Takes what the batch changed, so that the view can begin the next, and gives what makes the statements that write it.
    func laterWrites(from view: View) -> @Sendable () -> [(Statement, [Parameter])] {
        let writes = view.takeChanged().map { target in
            // Never dropped in silence: what a command wrote would be lost.
            guard let table = byTarget[target] else { preconditionFailure("a table was written that is not listed") }
            return table.writes(from: view)
        }
        return { writes.flatMap { $0() } }
    }
}
