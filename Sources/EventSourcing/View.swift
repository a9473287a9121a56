/// The state that commands are decided upon: rows and lookups by key, absence included, as the commands before leave them.
///
/// A view belongs to one task at a time. It holds what has been loaded and throws `Missing` for the rest; a view of values
/// (`View(complete: true)`, in tests) takes what it does not hold for absent.
public final class View {
    /// Walks stop here, and so do sets: a command that would go on is refused.
    public static let stepLimit = 10_000

    /// Whether what is not held does not exist.
    public let isComplete: Bool
    /// Whether rows have been dropped to stay within the budget. Until then a view that saw all events knows all rows.
    public private(set) var hasForgotten = false
    private var tables: [ObjectIdentifier: any AgingTable] = [:]
    private var receipts: [[UInt8]: KeptReceipt?] = [:]

    /// An empty view.
    public init(complete: Bool = false) { isComplete = complete }

    /// The rows of one projection.
    public func table<P: Projection>(_ projection: P.Type) -> RowTable<P> {
        let identifier = ObjectIdentifier(projection)
        if let held = tables[identifier] {
            // The dictionary holds under a type's identifier that type's table and no other.
            return unsafeDowncast(held, to: RowTable<P>.self)
        }
        let table = RowTable<P>()
        tables[identifier] = table
        return table
    }

    /// The row under a key, or `nil` where there is none.
    /// - Parameter walk: what to load instead of the one row, where more of the way is sure to be needed.
    public func row<P: Projection>(_ projection: P.Type, _ key: P.Key, else walk: Load? = nil) throws(Missing) -> P.Row?
    {
        try version(projection, key, else: walk)?.row
    }

    /// The row under a key with the position since which it stands, or `nil` where there is none.
    public func version<P: Projection>(_ projection: P.Type, _ key: P.Key, else walk: Load? = nil) throws(Missing)
        -> Versioned<P.Row>?
    {
        switch table(projection).find(key) {
        case .some(let known): return known
        case .none where isComplete: return nil
        // A walk brings nothing where its first row does not exist; that it does not must be known all the same.
        case .none: throw Missing([walk, .row(projection, key)].compactMap { $0 })
        }
    }

    /// The keys of all rows found under these values, in no order. Their rows may have to be loaded yet.
    public func keys<P: Projection>(_ lookup: Lookup<P>, _ values: [ColumnValue]) throws(Missing) -> [P.Key] {
        let table = table(P.self)
        if let known = table.find(lookup, values) { return known }
        guard isComplete else { throw Missing([.lookup(lookup, values)]) }
        return table.scan(lookup, values)
    }

    /// All rows found under these values, in no order.
    public func rows<P: Projection>(_ lookup: Lookup<P>, _ values: [ColumnValue]) throws(Missing) -> [P.Row] {
        var rows: [P.Row] = []
        for key in try keys(lookup, values) {
            if let row = try row(P.self, key) { rows.append(row) }
        }
        return rows
    }

    /// The receipt under a digest, or `nil` where there is none.
    public func receipt(_ digest: [UInt8]) throws(Missing) -> KeptReceipt? {
        if let known = receipts[digest] { return known }
        guard isComplete else { throw Missing([.receipt(digest)]) }
        return nil
    }

    /// Takes the receipt under a digest, or its absence.
    public func insert(_ receipt: KeptReceipt?, under digest: [UInt8]) { receipts[digest] = .some(receipt) }

    /// Ends a batch: forgets what is not worth keeping and, beyond half the budget, the least recently used rows.
    /// - Parameter budget: bytes that rows and lookups may take, roughly.
    public func endBatch(budget: Int) {
        receipts = [:]
        var size = 0
        for table in tables.values {
            table.forgetLargeLookups()
            size += table.size
        }
        guard size > budget / 2 else { return }
        hasForgotten = true
        for table in tables.values { table.age() }
    }
}
