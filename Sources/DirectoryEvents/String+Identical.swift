extension String {
    /// Whether two texts are the same bytes. `==` takes é and e + ◌́ for the same; the log must not.
    public func isIdentical(to other: String?) -> Bool {
        guard let other else { return false }
        let answer = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { theirs in
                mine.count == theirs.count && mine.elementsEqual(theirs)
            }
        }
        return (answer ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
