/// Runs a point read for many sets of parameters as one statement: the server starts and ends one plan instead of many.
///
/// It takes an array for each parameter and gives the rows in any order, each with the number of its set, from 1,
/// behind its own columns.
struct ManyPoints: Sendable {
    let statement: Statement
    /// The types that were declared.
    private let types: [ElementType]
    /// The types of the parameters that the text has, and which these are, from 0. An array that is not used costs the
    /// server as much as any other.
    private let parameters: [(index: Int, type: ElementType)]

    init(_ sql: String, _ types: [ElementType]) {
        self.types = types
        let used = Set(sql.matches(of: /\$([0-9]+)/).compactMap { Int($0.1) })
        parameters = types.enumerated().filter { used.contains($0.offset + 1) }.map { ($0.offset, $0.element) }
        let names = parameters.map { "p\($0.index + 1)" }.joined(separator: ", ")
        let arrays = parameters.enumerated().map { "$\($0.offset + 1)::\($0.element.type.sqlName)[]" }
        let correlated = sql.replacing(/\$([0-9]+)/) { "points.p\($0.1)" }
        statement = Statement(
            """
            select point.*, points.number \
            from unnest(\(arrays.joined(separator: ", "))) with ordinality as points(\(names), number) \
            cross join lateral (\(correlated)) as point
            """)
    }

    /// Whether a set of parameters is as declared: one that is not would spoil the arrays of a whole group.
    func accepts(_ point: [Parameter]) -> Bool {
        point.count == types.count && zip(point, types).allSatisfy { $0.oid == $1.oid }
    }

    /// The arrays, from a set of parameters for each point, all as declared.
    func arrays(_ points: some Collection<[Parameter]>) -> [Parameter] {
        parameters.map { index, type in
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
