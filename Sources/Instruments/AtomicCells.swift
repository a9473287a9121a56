import Synchronization

/// Numbers that any thread adds to, by place: without a lock and without an allocation.
///
/// Unchecked, since the compiler does not see that the memory holds atomics alone, and lives as long as this object.
final class AtomicCells: @unchecked Sendable {
    let count: Int
    private let cells: UnsafeMutablePointer<Atomic<Int>>

    /// - Parameter count: how many there are, all 0.
    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    func add(_ value: Int, at index: Int) {
        precondition(index >= 0 && index < count, "there is no such cell")
        cells[index].wrappingAdd(value, ordering: .relaxed)
    }

    subscript(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "there is no such cell")
        return cells[index].load(ordering: .relaxed)
    }
}
