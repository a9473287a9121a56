extension ReadStatement where Value == [Int64] {
    /// A statement that gives all keys of a list at once, in one row, which come in the order of creation.
    ///
    /// They are sorted here: what was found along indexes comes in runs, which take longer to sort in Postgres.
    /// - Parameters:
    ///   - key: a key, as SQL.
    ///   - text: the statement, from its parts, its parameters and the column of all keys.
    static func keys(
        _ key: String,
        _ text: @escaping (_ sql: ReadSQL, _ parameters: ReadParameters<Argument>, _ keys: String) -> String
    ) -> ReadStatement {
        ReadStatement({ columns, _, _ in try columns.ints("coalesce(array_agg(\(key)), '{}')").sorted() }, text)
    }
}
