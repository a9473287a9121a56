/// What a view does with all of its tables alike.
protocol AgingTable: AnyObject {
    /// About how many bytes the younger generation takes.
    var size: Int { get }
    /// Forgets the older generation and begins a new one. Only between batches.
    func age()
    /// Forgets lookups too large to keep. Only between batches.
    func forgetLargeLookups()
}

extension RowTable: AgingTable {}
