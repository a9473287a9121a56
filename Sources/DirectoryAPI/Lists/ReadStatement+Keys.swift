extension ReadStatement where Value == [Int64] {
    /// A statement that gives all keys of a list at once, in one row, which come in the order of creation, each once.
    ///
    /// They are sorted, and repetitions dropped, here and not in Postgres: what is found along indexes comes in runs, which sort
    /// sooner here, and lies close together, so that it is read sooner than in the order of a hash table.
    /// - Parameters:
    ///   - key: a key, as SQL.
    ///   - text: the statement, from its parts, its parameters and the column of all keys.
    static func keys(
        _ key: String,
        _ text: @escaping (_ sql: ReadSQL, _ parameters: ReadParameters<Argument>, _ keys: String) -> String
    ) -> ReadStatement {
        ReadStatement({ columns, _, _ in try columns.ints("coalesce(array_agg(\(key)), '{}')").eachOnce }, text)
    }
}

extension [Int64] {
    /// Sorted, without repetitions.
    fileprivate var eachOnce: [Int64] {
        var last: Int64?
        return sorted().filter { key in
            defer { last = key }
            return key != last
        }
    }
}
