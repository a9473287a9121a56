/// A cache in two generations: unused entries are dropped with the older one.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let generation: Int

    /// - Parameter generation: how many entries one generation has at most.
    init(generation: Int) { self.generation = generation }

    mutating func find(_ key: Key) -> Value? {
        if let known = young[key] { return known }
        guard let known = old[key] else { return nil }
        insert(known, key)
        return known
    }

    mutating func insert(_ value: Value, _ key: Key) {
        if young.count >= generation {
            old = young
            young = [:]
        }
        young[key] = value
    }
}
