/// The state that commands are decided upon: rows and lookups by key, absence included, as the commands before leave them.
///
/// A view belongs to one task at a time. It holds what has been loaded and throws `Missing` for the rest; a complete view
/// (`View(complete: true)`, made of values alone) takes what it does not hold for absent.
public final class View {
    /// Walks stop here, and so do sets: a command that would go on is refused.
    public static let stepLimit = 10_000

    /// Whether what is not held does not exist.
    public let isComplete: Bool
    /// Whether rows have been dropped to stay within the budget. Until then a view that saw all events knows all rows.
    public private(set) var hasForgotten = false
    private var tables: [(target: LoadTarget, table: any AgingTable)] = []
    private var sideTables: [(target: LoadTarget, rows: AnyObject)] = []
    /// The tables that the batch under way has changed, in the order of their first change.
    private var changed: [LoadTarget] = []

    /// What this view does not hold is as it is there.
    private let base: View?

    /// An empty view.
    public init(complete: Bool = false) {
        isComplete = complete
        base = nil
    }

    /// A view of the same state in which more can happen: what is folded into it changes nothing in the view under it, which must
    /// stay as it is meanwhile. What neither holds is missing.
    public init(over base: View) {
        isComplete = base.isComplete
        self.base = base
    }

    /// The rows of one projection.
    public func table<P: Projection>(_ projection: P.Type) -> RowTable<P> {
        let target = LoadTarget(projection)
        // There are few, and comparing pointers is cheaper than hashing one.
        for held in tables where held.target == target {
            // A type's target names that type's table and no other.
            return unsafeDowncast(held.table, to: RowTable<P>.self)
        }
        let table = RowTable<P>(over: base?.table(projection))
        tables.append((target, table))
        return table
    }

    /// The row under a key, or `nil` where there is none.
    /// - Parameter walks: what to load besides the row if it is not held, where more of the way is sure to be needed.
    public func row<P: Projection>(_ projection: P.Type, _ key: P.Key, else walks: @autoclosure () -> [Load] = [])
        throws(Missing) -> P.Row?
    {
        try version(projection, key, else: walks())?.row
    }

    /// The row under a key with the position since which it is in effect, or `nil` where there is none.
    public func version<P: Projection>(_ projection: P.Type, _ key: P.Key, else walks: @autoclosure () -> [Load] = [])
        throws(Missing) -> Versioned<P.Row>?
    {
        switch table(projection).find(key) {
        case .some(let known): return known
        case .none where isComplete: return nil
        // A walk brings nothing where its first row does not exist; that it does not must be known all the same.
        case .none: throw Missing(walks() + [.row(projection, key)])
        }
    }

    /// The keys of all rows found under these values, in no order. Their rows may have to be loaded yet.
    /// - Parameter walks: what to load besides if they are not held, where more of the way is sure to be needed.
    public func keys<P: Projection>(
        _ lookup: Lookup<P>, _ values: [ColumnValue], else walks: @autoclosure () -> [Load] = []
    ) throws(Missing) -> [P.Key] {
        let table = table(P.self)
        if let known = table.find(lookup, values) { return known }
        guard isComplete else { throw Missing(walks() + [.lookup(lookup, values)]) }
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

    /// All rows found under these values, in no order; `nil` where there are more than the lookup finds.
    public func rows<P: Projection>(_ bounded: BoundedLookup<P>, _ values: [ColumnValue]) throws(Missing) -> [P.Row]? {
        if table(P.self).exceeds(bounded.lookup, values) { return nil }
        let rows = try rows(bounded.lookup, values)
        return rows.count <= bounded.lookup.most ? rows : nil
    }

    // MARK: Changing

    /// Folds an event into the rows of a projection.
    ///
    /// A key that is not held counts as one without a row: `RowTable.keys(missingFor:)` names those of which that is not
    /// certain.
    public func fold<P: Projection>(_ event: Event<P.Payload>, into projection: P.Type) {
        let keys = P.keys(of: event.payload)
        guard !keys.isEmpty else { return }
        table(projection).apply(event, to: keys)
        markChanged(LoadTarget(projection))
    }

    /// Hands over the names of the tables that the batch has changed.
    public func takeChanged() -> [LoadTarget] {
        defer { changed = [] }
        return changed
    }

    private func markChanged(_ target: LoadTarget) {
        if !changed.contains(target) { changed.append(target) }
    }

    // MARK: Side tables

    /// The rows of one side table.
    public func side<T: SideTable>(_ table: T.Type) -> SideRows<T> {
        let target = LoadTarget(table)
        for held in sideTables where held.target == target {
            return unsafeDowncast(held.rows, to: SideRows<T>.self)
        }
        let rows = SideRows<T>()
        sideTables.append((target, rows))
        return rows
    }

    /// The row of a side table under a key, or `nil` where there is none.
    public func row<T: SideTable>(_ table: T.Type, _ key: T.Key) throws(Missing) -> T.Row? {
        if let known = side(table).find(key) { return known }
        if let base { return try base.row(table, key) }
        guard isComplete else { throw Missing([.row(table, key)]) }
        return nil
    }

    func write<T: SideTable>(_ row: T.Row?, to table: T.Type, at key: T.Key) {
        side(table).write(row, at: key)
        markChanged(LoadTarget(table))
    }

    // MARK: Forgetting

    /// Ends a batch: forgets what is not worth keeping and, beyond half the budget, the least recently used rows.
    /// - Parameter budget: bytes that rows and lookups may take, roughly.
    public func endBatch(budget: Int) {
        sideTables = []
        var size = 0
        for held in tables {
            held.table.forgetLargeLookups()
            size += held.table.size
        }
        guard size > budget / 2 else { return }
        hasForgotten = true
        for held in tables { held.table.age() }
    }
}
