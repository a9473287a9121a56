/// What a command reads, named before it is read, so that all of a batch is loaded in one flush.
public enum Load: Sendable, Hashable {
    /// One row, by its key.
    case row(LoadTarget, key: [ColumnValue])
    /// All rows found under these values.
    case lookup(LoadTarget, ordinal: Int, values: [ColumnValue])
    /// All rows that a recursive statement reaches.
    case walk(LoadTarget, Walk, from: [ColumnValue])
    /// The receipt of an idempotent request, by its digest.
    case receipt([UInt8])

    /// One row of a projection.
    public static func row<P: Projection>(_ projection: P.Type, _ key: P.Key) -> Load {
        .row(LoadTarget(projection), key: P.values(of: key))
    }

    /// All rows of a projection that are found under these values.
    public static func lookup<P: Projection>(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> Load {
        .lookup(LoadTarget(P.self), ordinal: lookup.ordinal, values: values)
    }

    /// All rows of a projection that a walk reaches.
    public static func walk<P: Projection>(_ projection: P.Type, _ walk: Walk, from values: [ColumnValue]) -> Load {
        .walk(LoadTarget(projection), walk, from: values)
    }
}

/// Names a projection among those of a view.
public struct LoadTarget: Sendable, Hashable {
    private let identifier: ObjectIdentifier

    /// The projection of that type.
    public init(_ projection: any Projection.Type) { identifier = ObjectIdentifier(projection) }
}

/// A recursive statement that reaches rows by relations (all managers above somebody), so that a chain is one round trip.
public struct Walk: Sendable, Hashable {
    /// A query of the keys that are reached, in as many columns as the key has. Its parameters are the starting values; it
    /// must end by itself at `View.stepLimit` keys.
    public let keys: String

    /// A walk by that query.
    public init(keys: String) { self.keys = keys }
}

/// Thrown by a view that does not hold what is asked for. The processor loads it and decides again.
public struct Missing: Error, Sendable {
    /// What to load.
    public let loads: [Load]

    /// Asks for these.
    public init(_ loads: [Load]) { self.loads = loads }
}
