/// The rows of one projection that a view holds: a cache of what the database has, and the changes of the batch under way.
///
/// Rows are kept in two generations. What is touched moves to the younger one; `age()` drops the older. So the least
/// recently used go first, and nothing that the batch under way has touched goes at all.
public final class RowTable<P: Projection> {
    private var young: [P.Key: Versioned<P.Row>?] = [:]
    private var old: [P.Key: Versioned<P.Row>?] = [:]
    private var lookups: [[[ColumnValue]: [P.Key]]] = Array(repeating: [:], count: P.lookups.count)
    private var oldLookups: [[[ColumnValue]: [P.Key]]] = Array(repeating: [:], count: P.lookups.count)
    /// The changes of the batch under way.
    public private(set) var changes = Changes<P>()
    /// About how many bytes the younger generation takes.
    public private(set) var size = 0

    /// Lookups of more members than this are forgotten with the batch that needed them.
    static var largestCachedLookup: Int { 100 }
    private var largeLookups: [(ordinal: Int, values: [ColumnValue])] = []
    /// Lookups that found more than they tell, in this batch.
    private var exceeded: [[ColumnValue]: Set<Int>] = [:]
    /// The keys that the batch under way has changed, by the values by which their rows are found by now; made for a lookup
    /// when it is first needed in the batch.
    private var changedKeys: [[[ColumnValue]: Set<P.Key>]?] = Array(repeating: nil, count: P.lookups.count)
    /// What is not held here is as it is there.
    private let base: RowTable<P>?

    /// - Parameter base: the same table of the view that this one's view is over.
    init(over base: RowTable<P>? = nil) { self.base = base }

    // MARK: Reading

    /// The row under a key: `.some(nil)` where it is known that there is none, `nil` where nothing is known.
    public func find(_ key: P.Key) -> Versioned<P.Row>?? {
        if let known = young[key] { return known }
        guard let known = takeOld(key) ?? base?.find(key) else { return nil }
        hold(known, at: key)
        return known
    }

    private func takeOld(_ key: P.Key) -> Versioned<P.Row>?? {
        // Mostly there is no older generation, and a key need not be hashed.
        old.isEmpty ? nil : old.removeValue(forKey: key)
    }

    /// The keys found under these values, where that is known.
    public func find(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> [P.Key]? {
        if let known = held(lookup, values) { return known }
        guard let known = base?.find(lookup, values) else { return nil }
        return insert(known, ordinal: lookup.ordinal, values: values)
    }

    private func held(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> [P.Key]? {
        if let known = lookups[lookup.ordinal][values] { return known }
        guard !oldLookups[lookup.ordinal].isEmpty,
            let known = oldLookups[lookup.ordinal].removeValue(forKey: values)
        else { return nil }
        hold(known, lookup.ordinal, values)
        return known
    }

    /// Whether a lookup is known to find more than it tells.
    public func exceeds(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> Bool {
        exceeded[values]?.contains(lookup.ordinal) ?? base?.exceeds(lookup, values) ?? false
    }

    func scan(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> [P.Key] {
        let found = young.compactMap { key, version in
            version.flatMap { lookup.values($0.row) == values ? key : nil }
        }
        guard let base else { return found }
        return found + base.scan(lookup, values).filter { young.index(forKey: $0) == nil }
    }

    // MARK: Loading

    /// Takes what the database holds under a key. The batch's own change, if there is one, stays.
    public func insert(_ version: Versioned<P.Row>?, at key: P.Key) {
        guard find(key) == nil else { return }
        hold(version, at: key)
    }

    /// Takes the keys that the database finds under these values, corrected by the changes of the batch under way.
    /// - Returns: the keys that are found by now; `nil` where there are more than the lookup tells.
    @discardableResult
    public func insert(_ keys: [P.Key], ordinal: Int, values: [ColumnValue]) -> [P.Key]? {
        let lookup = P.lookups[ordinal]
        guard keys.count <= lookup.most else {
            exceeded[values, default: []].insert(ordinal)
            return nil
        }
        var members = keys
        if !changes.keys.isEmpty {
            members.removeAll { changes.contains($0) }
            members += changedKeys(lookup, values)
        }
        hold(members, ordinal, values)
        if members.count > Self.largestCachedLookup { largeLookups.append((ordinal, values)) }
        return members
    }

    private func changedKeys(_ lookup: Lookup<P>, _ values: [ColumnValue]) -> Set<P.Key> {
        if changedKeys[lookup.ordinal] == nil {
            var byValues: [[ColumnValue]: Set<P.Key>] = [:]
            for key in changes.keys {
                guard let version = find(key), let row = version?.row, let values = lookup.values(row) else { continue }
                byValues[values, default: []].insert(key)
            }
            changedKeys[lookup.ordinal] = byValues
        }
        return changedKeys[lookup.ordinal]?[values] ?? []
    }

    // MARK: Changing

    /// Folds one event into the rows of all its keys.
    ///
    /// A key that is not held counts as one without a row: `keys(missingFor:)` names those of which that is not certain.
    public func apply(_ event: Event<P.Payload>) { apply(event, to: P.keys(of: event.payload)) }

    /// Folds one event into the rows of these keys, which are all that it has.
    public func apply(_ event: Event<P.Payload>, to keys: [P.Key]) {
        for key in keys {
            let before = find(key) ?? nil
            var row = before?.row
            P.apply(event, to: &row, at: key)
            let after = row.map { Versioned($0, since: event.position) }
            changes.record(before, after, at: key, until: event.position)
            hold(after, at: key)
            for lookup in P.lookups { move(key, in: lookup, from: before, to: after) }
        }
    }

    /// The keys of these events, in order, whose rows are not held yet and are not new with one of them.
    public func keys(missingFor payloads: [P.Payload]) -> [P.Key] {
        var missing: [P.Key] = []
        var new: Set<P.Key> = []
        for payload in payloads {
            let unheld = P.keys(of: payload).filter { !new.contains($0) && find($0) == nil }
            guard !unheld.isEmpty else { continue }
            new.formUnion(P.newKeys(of: payload))
            missing += unheld.filter { !new.contains($0) }
        }
        return missing
    }

    /// Hands over the changes of the batch, which is then over.
    public func takeChanges() -> Changes<P> {
        let taken = changes
        changes = Changes()
        for ordinal in changedKeys.indices { changedKeys[ordinal] = nil }
        return taken
    }

    // MARK: Forgetting

    func age() {
        old = young
        young = [:]
        oldLookups = lookups
        lookups = Array(repeating: [:], count: P.lookups.count)
        size = 0
    }

    func forgetLargeLookups() {
        for (ordinal, values) in largeLookups { lookups[ordinal][values] = nil }
        largeLookups = []
        exceeded = [:]
    }

    private func hold(_ version: Versioned<P.Row>?, at key: P.Key) {
        let replaced = young.updateValue(version, forKey: key)
        size += RowTable.size(of: version) - (replaced.map { RowTable.size(of: $0) } ?? 0)
    }

    private func hold(_ keys: [P.Key], _ ordinal: Int, _ values: [ColumnValue]) {
        lookups[ordinal][values] = keys
        size += 96 + keys.count * 16 + values.reduce(0) { $0 + $1.size }
    }

    private static func size(of version: Versioned<P.Row>?) -> Int { 64 + (version.map { P.size(of: $0.row) } ?? 0) }

    private func move(
        _ key: P.Key, in lookup: Lookup<P>, from before: Versioned<P.Row>?, to after: Versioned<P.Row>?
    ) {
        // A rebuild holds none, and need not ask every row by what it would be found.
        guard
            !lookups[lookup.ordinal].isEmpty || !oldLookups[lookup.ordinal].isEmpty
                || changedKeys[lookup.ordinal] != nil
        else { return }
        let old = before.flatMap { lookup.values($0.row) }
        let new = after.flatMap { lookup.values($0.row) }
        if changedKeys[lookup.ordinal] != nil {
            if let old { changedKeys[lookup.ordinal]?[old]?.remove(key) }
            if let new { changedKeys[lookup.ordinal]?[new, default: []].insert(key) }
        }
        guard old != new else { return }
        if let old, held(lookup, old) != nil { lookups[lookup.ordinal][old]?.removeAll { $0 == key } }
        if let new, held(lookup, new) != nil {
            lookups[lookup.ordinal][new]?.append(key)
            let count = lookups[lookup.ordinal][new]?.count ?? 0
            if count > Self.largestCachedLookup { largeLookups.append((lookup.ordinal, new)) }
        }
    }
}
