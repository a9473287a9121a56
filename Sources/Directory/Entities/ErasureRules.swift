import DirectoryRows

extension Entity {
    /// Refuses to change what has been erased.
    func checkNotErased() throws {
        if isErased { throw Refusal.erased }
    }
}

extension Refusal {
    /// What has been erased is never changed again.
    static let erased = Refusal.rule("It has been erased, for good, and cannot be changed.")
}
