import Directory
import Postgres

/// A row of a read: what it found out about the caller, and what it selected.
struct ReadRow<Value: Sendable>: Sendable {
    let facts: CallerFacts
    let value: Value
}

/// The rows that a statement gave, none of which has been read yet.
struct UnreadRows<Value: Sendable>: Sendable {
    private let rows: Rows
    private let take: @Sendable (inout Columns) throws -> Value

    fileprivate init(_ rows: Rows, _ take: @escaping @Sendable (inout Columns) throws -> Value) {
        (self.rows, self.take) = (rows, take)
    }

    /// The places of the rows, from 0.
    var indices: Range<Int> { rows.indices }

    /// Reads what a row selected.
    /// - Throws: where it is not what the declaration of its columns says.
    func value(at index: Int) throws -> Value {
        var columns = Columns(rows[index])
        return try take(&columns)
    }
}

/// One read of the directory as SQL: the caller's rights and the finished JSON in one statement, of one moment. Its text is
/// made for each `ReadVariant`.
struct ReadStatement<Argument: Sendable, Value: Sendable>: Sendable {
    typealias Input = ReadInput<Argument>
    typealias Take = @Sendable (inout Columns, ReadSQL, Caller) throws -> Value

    /// At the index of each `ReadVariant`.
    private let variants: [Query<Input>]
    private let take: Take

    /// - Parameters:
    ///   - isPoint: whether it gives exactly one row, found by an index, wherever the caller has an account.
    ///   - take: the columns, which it writes and reads.
    ///   - text: the statement, from its parts, its parameters and the list of its columns.
    init(
        isPoint: Bool = false, _ take: @escaping Take,
        _ text: (_ sql: ReadSQL, _ parameters: ReadParameters<Argument>, _ columns: String) -> String
    ) {
        self.take = take
        variants = ReadVariant.all.map { variant in
            func write(_ parameters: Parameters<Input>) -> String {
                let sql = ReadSQL(variant, parameters)
                let columns = ReadStatement.columns(take, sql)
                return text(sql, parameters, columns.map(\.sql).joined(separator: ", "))
            }
            return isPoint ? .point(write) : Query(write)
        }
    }

    private static func columns(_ take: Take, _ sql: ReadSQL) -> [Columns.Declaration] {
        do {
            return try Columns.list { try take(&$0, sql, .nobody) }
        } catch {
            preconditionFailure("a declaration of columns throws before there is a row: \(error)")
        }
    }

    /// Runs it for a caller.
    /// - Returns: what each row selected; nothing where the caller has no account.
    func run(_ pool: PostgresPool, _ caller: Caller, _ moment: Moment, _ argument: Argument) async throws -> [Value] {
        let rows = try await rows(pool, caller, moment, argument)
        return try rows.indices.map { try rows.value(at: $0) }
    }

    /// Runs it for a caller, and leaves open when what its rows selected is read.
    func rows(
        _ pool: PostgresPool, _ caller: Caller, _ moment: Moment, _ argument: Argument
    ) async throws -> UnreadRows<Value> {
        let index = ReadVariant(caller, moment).index
        let rows = try await pool.read(variants[index], ReadInput(caller: caller, moment: moment, argument: argument))
        return UnreadRows(rows) { try take(&$0, ReadSQL.unwritten[index], caller) }
    }

    /// Runs a point read for a caller, who must have an active account; one that was just carried out may have ended that.
    /// - Throws: a refusal as unauthenticated; `PositionInsideCommand`.
    func one<T>(_ pool: PostgresPool, _ caller: Caller, _ moment: Moment, _ argument: Argument) async throws -> Value
    where Value == ReadRow<T> {
        guard let found = try await run(pool, caller, moment, argument).first else { throw caller.refusal }
        guard found.facts.isActive || !moment.dependsOnRights else { throw caller.refusal }
        if case .asOf(let position) = moment, position > 0 {
            guard found.facts.time != nil else { throw Problem.afterLog(at: "asOf") }
            if found.facts.isInsideCommand { throw PositionInsideCommand(position: position) }
        }
        return found
    }
}

/// What a test lays next to each other: a statement's text, and the columns that its reader takes.
struct ReadDescription {
    let statement: Statement
    /// Parameters without values.
    let nulls: [Parameter]
    let columns: [Columns.Declaration]
}

extension ReadStatement {
    /// Each variant.
    var descriptions: [ReadDescription] {
        zip(variants, ReadSQL.unwritten).map { query, sql in
            ReadDescription(
                statement: query.statement, nulls: query.nulls, columns: ReadStatement.columns(take, sql))
        }
    }
}

extension ReadStatement where Argument == Void {
    /// As `one`, of a statement that takes nothing of its own.
    func one<T>(_ pool: PostgresPool, _ caller: Caller, _ moment: Moment) async throws -> Value
    where Value == ReadRow<T> {
        try await one(pool, caller, moment, ())
    }
}

extension Caller {
    /// Why the token is refused where its account is missing or not active, or its key does not count.
    var refusal: Refusal { key == nil ? .noAccount : .noKey }

    /// The caller while nobody calls: of requests that need none, and while statements are written.
    static let nobody = Caller(.id(.unknown))
}
