import Directory
import EventSourcing
import FoundationEssentials
import Instruments
import Synchronization

/// What the keys of a list depend on, besides its moment: where it has changed, they are found again.
struct KeyBasis: Sendable, Hashable {
    /// The position of the last event that changed the caller's grants.
    let grantsChanged: Position
    /// The position of the last event that erased something: an erased name is not found any longer, at any moment.
    let erased: Position
}

/// Keeps the keys of lists that take a walk or a search, so that the pages after the first need not find them again.
///
/// The keys of a moment never change but by an erasure, and who may see them is asked again for each page, so that nothing here
/// goes stale. What is not kept any longer, or was found on another node, is found again.
final class ListKeyCache: Sendable {
    /// What keys were found for.
    struct Purpose: Hashable {
        let caller: Caller
        let basis: KeyBasis
        let organization: UUID?
        /// The path of the list with its filters.
        let list: String
        let position: Position
    }

    private struct State {
        var keys: [Purpose: [Int64]] = [:]
        /// The oldest first.
        var order: [Purpose] = []
        var size = 0
    }

    let lookups = CacheLookups()
    private let state = Mutex(State())
    private let budget: Int

    /// - Parameter budget: how many keys are kept, at 8 bytes each.
    init(budget: Int = 2_000_000) { self.budget = budget }

    /// Forgets all keys, and with them what was searched for.
    func forget() { state.withLock { $0 = State() } }

    /// The keys that were found for a purpose.
    func keys(for purpose: Purpose) -> [Int64]? {
        let keys = state.withLock { $0.keys[purpose] }
        lookups.count(found: keys != nil)
        return keys
    }

    /// Keeps the keys that were found for a purpose; the oldest go.
    func keep(_ keys: [Int64], for purpose: Purpose) {
        guard keys.count <= budget / 4 else { return }
        state.withLock { state in
            guard state.keys.updateValue(keys, forKey: purpose) == nil else { return }
            state.order.append(purpose)
            state.size += keys.count + 32
            while state.size > budget, let oldest = state.order.first {
                state.order.removeFirst()
                state.size -= (state.keys.removeValue(forKey: oldest)?.count ?? 0) + 32
            }
        }
    }
}
