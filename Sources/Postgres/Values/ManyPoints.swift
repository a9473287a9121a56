/// Runs a point read for many sets of parameters as one statement: the server starts and ends one plan instead of many.
///
/// It takes an array for each parameter and gives the rows in any order, each with the number of its set, from 1, after
/// its own columns.
struct ManyPoints: Sendable {
    let statement: Statement
    private let types: [ElementType]

    /// - Parameters:
    ///   - correlated: the text, in which `points.p1`, `points.p2` … are the parameters.
    ///   - types: the parameters' types.
    init(_ correlated: String, _ types: [ElementType]) {
        self.types = types
        let names = types.indices.map { "p\($0 + 1)" }.joined(separator: ", ")
        let arrays = types.enumerated().map { "$\($0 + 1)::\($1.sqlName)[]" }.joined(separator: ", ")
        statement = Statement(
            """
            select point.*, points.number \
            from unnest(\(arrays)) with ordinality as points(\(names), number) \
            cross join lateral (\(correlated)) as point
            """)
    }

    /// Whether a set of parameters is as declared: one that is not would spoil the arrays of a whole group.
    func accepts(_ point: [Parameter]) -> Bool {
        point.count == types.count && zip(point, types).allSatisfy { $0.oid == $1.oid }
    }

    /// The arrays, from a set of parameters for each point, all as declared.
    func arrays(_ points: some Collection<[Parameter]>) -> [Parameter] {
        types.enumerated().map { index, type in
            var builder = ArrayBuilder(of: type, capacity: points.count)
            for point in points { builder.append(point[index]) }
            return .array(builder)
        }
    }

    /// The row of each point; `nil` where it has none, or more than one, and so is no point read after all.
    func deal(_ rows: Rows, _ count: Int) -> [Rows?] {
        var own = [Row?](repeating: nil, count: count)
        var hasSeveral = [Bool](repeating: false, count: count)
        for row in rows {
            guard let number = try? row.int(rows.columns - 1), let point = Int(exactly: number - 1),
                own.indices.contains(point)
            else { continue }
            if own[point] != nil { hasSeveral[point] = true }
            own[point] = row
        }
        return zip(own, hasSeveral).map { $1 ? nil : $0.map { Rows(point: $0) } }
    }
}
