/// A statement whose text takes its own parameters from an input.
///
/// Keep the queries of hot paths in `static let`s: their text is made once.
public struct Query<Input: Sendable>: Sendable {
    /// What is prepared and run.
    public let statement: Statement
    private let values: [Parameters<Input>.Value]
    /// The types of the parameters.
    private let types: [ParameterType]

    /// A query whose text takes its parameters where they appear.
    public init(_ text: (Parameters<Input>) -> String) {
        let parameters = Parameters<Input> { "$\($0)" }
        statement = Statement(text(parameters))
        (values, types) = (parameters.values, parameters.types)
    }

    /// A query that always finds exactly one row, and soon: see ``Statement``. It takes at least one parameter and no array.
    public static func point(_ text: (Parameters<Input>) -> String) -> Query {
        let alone = Parameters<Input> { "$\($0)" }
        let sql = text(alone)
        let types = alone.types.compactMap { if case .element(let type) = $0 { type } else { nil } }
        precondition(!types.isEmpty && types.count == alone.types.count, "a point read takes single values only")
        let many = ManyPoints(text(Parameters<Input> { "points.p\($0)" }), types)
        return Query(statement: Statement(sql, many: many), values: alone.values, types: alone.types)
    }

    private init(statement: Statement, values: [Parameters<Input>.Value], types: [ParameterType]) {
        (self.statement, self.values, self.types) = (statement, values, types)
    }

    /// The parameters of a run, in the order in which the text takes them.
    public func parameters(_ input: Input) -> [Parameter] { values.map { $0(input) } }

    /// Parameters of the right types without values: enough to learn what the statement returns.
    public var nulls: [Parameter] { types.map { Parameter(nullOf: $0) } }
}

extension PostgresPool {
    /// Runs a query that only reads; throws what `read(_:_:deadline:)` throws.
    public func read<Input>(
        _ query: Query<Input>, _ input: Input, deadline: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        try await read(query.statement, query.parameters(input), deadline: deadline)
    }
}
