import EventSourcing
import FoundationEssentials
import Postgres

/// A log that is being restored from an export: it gets the name, the positions, ids and hashes of the one that was exported.
///
/// From the first step to the last the database is marked as being restored, and serves nobody. Events are appended as any others
/// are, so that whatever guards the log guards this, too.
public struct RestoringLog: Sendable {
    private let session: PostgresSession
    private let generation: Int64
    /// The position of the last event that was there at the beginning: not 0 where a restore goes on that was interrupted.
    public let head: Position

    /// Begins a restore in an empty database, or goes on with one of the same log.
    /// - Parameters:
    ///   - session: of the role that owns the database's objects; the migrations have been applied.
    ///   - id: the log's id.
    ///   - origin: its name.
    ///   - through: the position of its last event.
    /// - Throws: `RestoreRefusal`, `PostgresError`.
    public static func begin(
        _ id: UUID, origin: String, through: Position, _ session: PostgresSession
    ) async throws -> RestoringLog {
        _ = try await session.send([(Appending.begin, []), (Appending.lock, [])], deadline: .seconds(600))
        do {
            let state = try await session.selectOne(State.selection)
            if state.isRestoring {
                guard state.id == id, state.origin.map({ $0.utf8.elementsEqual(origin.utf8) }) ?? false else {
                    throw RestoreRefusal.anotherLog(state.id)
                }
            } else {
                guard state.isUnused else { throw RestoreRefusal.notEmpty }
            }
            try await dropReadModels(session)
            _ = try await session.query(marking, Mark(id: id, origin: origin, through: through))
            _ = try await session.query(Appending.commit)
            return RestoringLog(session: session, generation: state.generation + 1, head: state.head)
        } catch {
            _ = try? await session.query(Appending.rollback)
            throw error
        }
    }

    /// Appends events, which have been verified: all after one of the log's, and the first of them later than that one.
    /// - Parameter hash: the leaf hash of the event before them; `nil` before the first.
    /// - Throws: `RestoreRefusal`, `PostgresError`.
    public func append(_ events: [StoredEvent], afterHash hash: [UInt8]?) async throws {
        guard let first = events.first else { return }
        let batch = Batch(after: first.position - 1, afterHash: hash, verified: events)
        do {
            _ = try await session.send(
                [(Appending.begin, []), Appending.append(batch, generation: generation), (Appending.commit, [])],
                deadline: .seconds(600))
        } catch {
            _ = try? await session.query(Appending.rollback)
            switch AppendRefusal(error) {
            case .clockSetBack: throw RestoreRefusal.clockIsBehind
            case .generationMoved, .headMoved, .anotherLog, .notLater: throw RestoreRefusal.notAlone
            case nil: throw error
            }
        }
    }

    /// Takes the mark off, when all has been verified: from now on the database may be served. What the log has erased is known as
    /// such, so that whatever of it an export still had goes.
    public static func finish(_ session: PostgresSession) async throws(PostgresError) {
        _ = try await session.query(
            """
            with erased as (
                insert into log.erasures (stream, position)
                select stream, position from log.events where type like '%.erased' on conflict do nothing
            ) update log.control set restoring = null
            """)
    }

    /// Whether a database has the mark.
    static let isUnfinished = "(restoring is not null)"

    /// What is there was made for a log without the events that are to come.
    private static func dropReadModels(_ session: PostgresSession) async throws {
        let schemas = try await session.select(
            Selection<Void, String>({ try $0.text("name || '_v' || version") }, "from log.projections"))
        let drops = schemas.map { "drop schema if exists \($0) cascade;\n" }.joined()
        try await session.execute(
            script: "set local client_min_messages = warning;\n\(drops)delete from log.projections")
    }

    private struct Mark: Sendable {
        let id: UUID
        let origin: String
        let through: Position
    }

    private static let marking = Query<Mark> {
        """
        update log.control set log_id = \($0.uuid { $0.id }), origin = \($0.text { $0.origin }),
            restoring = \($0.int { $0.through }), generation = generation + 1
        """
    }

    private struct State: Sendable {
        let id: UUID
        let origin: String?
        let generation: Int64
        let head: Position
        let isRestoring: Bool
        /// Whether it has no events, and no service has ever started on it.
        let isUnused: Bool

        static let selection = Selection<Void, State>(
            {
                State(
                    id: try $0.uuid("log_id"), origin: try $0.textIfPresent("origin"),
                    generation: try $0.int("generation"),
                    head: try $0.int("coalesce((select max(position) from log.events), 0)"),
                    isRestoring: try $0.bool(RestoringLog.isUnfinished),
                    isUnused: try $0.bool(
                        """
                        (origin is null and key_fingerprint is null and not exists (select from log.events) \
                        and not exists (select from log.tiles) and not exists (select from log.signing_keys) \
                        and not exists (select from log.secrets) and not exists (select from log.receipts))
                        """))
            }, "from log.control")
    }
}
