extension String {
    /// Whether two texts are the same bytes. `==` takes é and e + ◌́ for the same; the log must not.
    public func isIdentical(to other: String?) -> Bool {
        guard let other else { return false }
        return withBytes { mine in
            other.withBytes { theirs in mine.count == theirs.count && mine.elementsEqual(theirs) }
        }
    }
}
