/// What a command reads, named before it is read, so that all of a batch is loaded in one flush.
public enum Load: Sendable, Hashable {
    /// One row, by its key.
    case row(LoadTarget, key: [ColumnValue])
    /// All rows found under these values.
    case lookup(LoadTarget, ordinal: Int, values: [ColumnValue])
    /// All rows that a recursive statement reaches from a start.
    case walk(LoadTarget, Walk, from: ColumnValue)

    /// One row of a projection or a side table.
    public static func row<T: StoredTable>(_ table: T.Type, _ key: T.Key) -> Load {
        .row(LoadTarget(table), key: T.values(of: key))
    }

    /// All rows of a projection that are found under these values.
    public static func lookup<P: Projection>(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> Load {
        .lookup(LoadTarget(P.self), ordinal: lookup.ordinal, values: values)
    }

    /// All rows of a projection that are found under these values, if they are few.
    public static func lookup<P: Projection>(_ bounded: BoundedLookup<P>, _ values: [ColumnValue]) -> Load {
        .lookup(bounded.lookup, values)
    }

    /// All rows of a projection that a walk reaches from a start. Walks that differ only in where they start are made as one.
    public static func walk<P: Projection>(_ projection: P.Type, _ walk: Walk, from start: ColumnValue) -> Load {
        .walk(LoadTarget(projection), walk, from: start)
    }

    /// The table that it reads.
    public var target: LoadTarget {
        switch self {
        case .row(let target, _), .lookup(let target, _, _), .walk(let target, _, _): target
        }
    }
}

/// Names a projection or a side table among those of a view.
public struct LoadTarget: Sendable, Hashable {
    private let identifier: ObjectIdentifier

    /// The table of that type.
    public init<T: StoredTable>(_ table: T.Type) { identifier = ObjectIdentifier(table) }
}

/// Thrown by a view that does not hold what is asked for. The processor loads it and decides again.
public struct Missing: Error, Sendable {
    /// What to load.
    public let loads: [Load]

    /// Asks for these.
    public init(_ loads: [Load]) { self.loads = loads }

    /// The results for all elements; what any of them miss is asked for at once.
    public static func gathering<Element, Result>(
        _ elements: some Sequence<Element>, _ body: (Element) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        var missing: [Load] = []
        for element in elements {
            do { results.append(try body(element)) } catch let more as Missing { missing += more.loads }
        }
        guard missing.isEmpty else { throw Missing(missing) }
        return results
    }
}
