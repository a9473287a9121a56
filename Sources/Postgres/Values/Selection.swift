/// A query together with the columns of its rows: one declaration writes the SELECT list and reads every row.
///
///     Selection<UUID, Member>({ try Member(&$0) }) { "select \($1) from members where id = \($0.uuid { $0 })" }
public struct Selection<Input: Sendable, Output: Sendable>: Sendable {
    /// Declares the columns; throws only while a row is read.
    public typealias Take = @Sendable (inout Columns) throws -> Output

    /// What is prepared and run.
    public let query: Query<Input>
    private let take: Take

    /// A query whose text takes its parameters, and the list of its columns, where they appear.
    public init(_ take: @escaping Take, _ text: (_ parameters: Parameters<Input>, _ columns: String) -> String) {
        let declarations: [Columns.Declaration]
        do {
            declarations = try Columns.list { try take(&$0) }
        } catch {
            preconditionFailure("a declaration of columns throws before there is a row: \(error)")
        }
        let columns = declarations.map(\.sql).joined(separator: ", ")
        query = Query { text($0, columns) }
        self.take = take
    }

    /// The query as a step of a larger unit; its rows are for ``values(_:)``.
    public func step(_ input: Input) -> (Statement, [Parameter]) { (query.statement, query.parameters(input)) }

    /// Reads one of the query's rows.
    /// - Throws: what the declaration throws; `PostgresError.unexpectedResult` in place of any other error.
    public func value(_ row: Row) throws(PostgresError) -> Output {
        var columns = Columns(row)
        do {
            return try take(&columns)
        } catch let error as PostgresError {
            throw error
        } catch {
            throw .unexpectedResult("\(error)")
        }
    }

    /// Reads the query's rows.
    public func values(_ rows: Rows) throws(PostgresError) -> [Output] {
        var values: [Output] = []
        values.reserveCapacity(rows.count)
        for row in rows { values.append(try value(row)) }
        return values
    }

    /// Reads the first of the query's rows.
    /// - Throws: `PostgresError.unexpectedResult` also if there is none.
    public func one(_ rows: Rows) throws(PostgresError) -> Output {
        guard let row = rows.first else { throw .unexpectedResult("no row") }
        return try value(row)
    }
}

extension Selection where Input == Void {
    /// A SELECT of the columns alone.
    public init(_ take: @escaping Take) { self.init(take) { _, columns in "select \(columns)" } }

    /// A SELECT of the columns and what follows them; it takes no parameters.
    public init(_ take: @escaping Take, _ rest: String) {
        self.init(take) { _, columns in "select \(columns) \(rest)" }
    }

    /// The query as a step of a larger unit.
    public var step: (Statement, [Parameter]) { step(()) }
}

extension PostgresSession {
    /// Runs a query in a unit of its own; see ``send(_:deadline:)``.
    public nonisolated(nonsending) func query<Input>(
        _ query: Query<Input>, _ input: Input, deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> Rows {
        try await self.query(query.statement, query.parameters(input), deadline: deadline)
    }

    /// Runs a selection and reads its rows; see ``send(_:deadline:)``.
    public nonisolated(nonsending) func select<Input, Output>(
        _ selection: Selection<Input, Output>, _ input: Input, deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> [Output] {
        try selection.values(try await query(selection.query, input, deadline: deadline))
    }

    /// Runs a selection without parameters and reads its rows; see ``send(_:deadline:)``.
    public nonisolated(nonsending) func select<Output>(
        _ selection: Selection<Void, Output>, deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> [Output] {
        try await select(selection, (), deadline: deadline)
    }

    /// Runs a selection and reads its first row; no row is a `PostgresError.unexpectedResult`.
    public nonisolated(nonsending) func selectOne<Input, Output>(
        _ selection: Selection<Input, Output>, _ input: Input, deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> Output {
        try selection.one(try await query(selection.query, input, deadline: deadline))
    }

    /// Runs a selection without parameters and reads its first row; no row is a `PostgresError.unexpectedResult`.
    public nonisolated(nonsending) func selectOne<Output>(
        _ selection: Selection<Void, Output>, deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> Output {
        try await selectOne(selection, (), deadline: deadline)
    }
}

extension PostgresPool {
    /// Runs a selection that only reads, and reads its rows; throws what `read(_:_:deadline:)` throws.
    public func select<Input, Output>(
        _ selection: Selection<Input, Output>, _ input: Input, deadline: Duration? = nil
    ) async throws(PostgresError) -> [Output] {
        try selection.values(try await read(selection.query, input, deadline: deadline))
    }
}
