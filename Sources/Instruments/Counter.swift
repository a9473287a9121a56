import Synchronization

/// A number that only grows.
public final class Counter: Sendable {
    private let count = Atomic(0)

    public init() {}

    public var value: Int { count.load(ordering: .relaxed) }

    public func add(_ number: Int = 1) { count.wrappingAdd(number, ordering: .relaxed) }
}

/// How often a cache had what was asked of it.
public struct CacheLookups: Sendable {
    public let hits = Counter()
    public let misses = Counter()

    public init() {}

    public func count(found: Bool) { (found ? hits : misses).add() }
}
