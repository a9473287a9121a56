import EventSourcing
import Postgres

/// All read models of a domain: loads what commands read, folds events, and writes what they changed.
///
/// One fold for five events of a commit and for fifty thousand of a rebuild.
public struct ReadModels<Payload: EventPayload>: Sendable {
    /// The projections.
    public let models: [any ReadModel<Payload>]

    /// The read models of these projections.
    public init(_ projections: [any Projection<Payload>.Type]) { models = projections.map { Self.store($0) } }

    private static func store<P: Projection>(_ projection: P.Type) -> any ReadModel<Payload>
    where P.Payload == Payload {
        Store(projection)
    }

    init(_ models: [any ReadModel<Payload>]) { self.models = models }

    /// Names and versions as `Appending.head` reads them: `accounts_v1 employees_v2`.
    public var registration: String {
        models.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map { "\($0.name)_v\($0.version)" }
            .joined(separator: " ")
    }

    /// The statements that load what is asked for, those of one table in one.
    public func reads(_ loads: some Collection<Load>) -> [Read] {
        var byTarget: [LoadTarget: [Load]] = [:]
        var receipts: [[UInt8]] = []
        for load in Set(loads) {
            switch load {
            case .row(let target, _), .lookup(let target, _, _), .walk(let target, _, _):
                byTarget[target, default: []].append(load)
            case .receipt(let digest): receipts.append(digest)
            }
        }
        var reads = models.flatMap { model in byTarget[model.target].map { model.reads($0) } ?? [] }
        if !receipts.isEmpty { reads.append(Receipts.read(receipts)) }
        return reads
    }

    /// Whether the view holds what a load would bring.
    public func holds(_ load: Load, in view: View) -> Bool {
        switch load {
        case .row(let target, _), .lookup(let target, _, _), .walk(let target, _, _):
            models.contains { $0.target == target && $0.holds(load, in: view) }
        case .receipt(let digest): (try? view.receipt(digest)) != nil
        }
    }

    /// What must be loaded before these events can be folded, one after the other.
    public func loads(for payloads: [Payload], in view: View) -> [Load] {
        models.flatMap { $0.loads(for: payloads, in: view) }
    }

    /// Folds an event into the view's rows. They are all held: `loads(for:in:)` is empty.
    public func apply(_ event: Event<Payload>, in view: View) {
        for model in models { model.apply(event, in: view) }
    }

    /// The statements that write what the batch changed; the view then begins the next batch.
    public func writes(from view: View) -> [(Statement, [Parameter])] { laterWrites(from: view)() }

    /// Takes what the batch changed, so that the view can begin the next, and gives what makes the statements that write it.
    func laterWrites(from view: View) -> @Sendable () -> [(Statement, [Parameter])] {
        let writes = models.map { $0.writes(from: view) }
        return { writes.flatMap { $0() } }
    }
}

extension Read {
    /// The statement and its parameters.
    public var step: (Statement, [Parameter]) { (statement, parameters) }

    /// Takes the statement's rows into a view.
    /// - Throws: `UnreadableRow`, `PostgresError.unexpectedResult`.
    public func insert(_ rows: Rows, into view: View) throws { try insert(rows, view) }
}
