extension String {
    /// Whether two texts are the same bytes. `==` takes é and e + ◌́ for the same; the log and the names of JSON must not.
    public func isIdentical(to other: String?) -> Bool {
        guard let other, utf8.count == other.utf8.count else { return false }
        return withBytes { mine in
            other.withBytes { theirs in mine.elementsEqual(theirs) }
        }
    }
}
