import Directory
import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

extension QueryParameter {
    /// The parameters of a read that may show a past moment.
    static let moment = [
        QueryParameter(
            "asOf", .moment,
            "The moment to show: a time, or a position of the log. What was erased since is erased there too; rights are today's."
        ),
        QueryParameter(
            "effective", .choice(["true", "false"]),
            "With true, the time of asOf is one at which changes took effect, in the current organization, and not one at "
                + "which they were recorded."),
    ]
}

extension Operation {
    /// Whether it shows a past moment to a request that asks for one.
    var showsPast: Bool { query.contains { $0.name == "asOf" } }
}

extension APIRequest {
    /// The moment that the request asks for.
    /// - Throws: 400, where it has not come yet, or where there is no organization whose changes took effect by then.
    func moment() async throws -> Moment {
        let past = try await position(at: "asOf") { try await self.currentOrganization(at: .now).facts.organization }
        if let past { return .asOf(past) }
        guard query("effective") != "true" else {
            throw Problem.invalid("effective goes with asOf.", [Refusal.Field("?effective", "goes with asOf")])
        }
        return .now
    }

    /// The position of the moment at a parameter; `nil` if it is not given.
    /// - Parameter organization: finds the organization whose changes took effect by then, if the request goes by that.
    /// - Throws: 400, where it has not come yet; what `organization` throws.
    func position(at parameter: String, effectiveIn organization: () async throws -> UUID?) async throws -> Position? {
        guard let text = query(parameter) else { return nil }
        let isEffective = query("effective") == "true"
        switch StatedMoment(text) {
        case .position(let position):
            guard !isEffective else {
                throw Problem.invalid(
                    "A position is the same whenever changes took effect.",
                    [Refusal.Field("?\(parameter)", "must be a time with effective=true")])
            }
            return position
        case .time(let time):
            let place = isEffective ? try await organization() : nil
            guard let position = try await PastPosition.read(time, effectiveIn: place, service.reads) else {
                throw Problem.invalid(
                    "Nothing is known of the future.",
                    [Refusal.Field("?\(parameter)", "must not be a time in the future")])
            }
            return position
        }
    }
}

/// A moment as a client states it.
enum StatedMoment {
    case time(Instant)
    case position(Position)

    /// - Parameter text: one that `FieldFormat.moment` accepts.
    init(_ text: String) { self = Instant(rfc3339: text).map { .time($0) } ?? .position(Position(text) ?? 0) }
}

extension Problem {
    /// Why a position cannot be shown that the log has not reached.
    static func afterLog(at parameter: String) -> Problem {
        Problem.invalid(
            "The log has not reached that position.",
            [Refusal.Field("?\(parameter)", "must not be after the end of the log")])
    }
}

/// The last position of a time.
enum PastPosition {
    private struct Input: Sendable {
        let time: Instant
        let organization: UUID?
    }

    /// - Parameter organization: the one in which the time is one of effect; `nil` for the time of recording.
    /// - Returns: `nil` for a time in the future.
    static func read(
        _ time: Instant, effectiveIn organization: UUID?, _ pool: PostgresPool
    ) async throws -> Position? {
        let statement = organization == nil ? recorded : effective
        return try await pool.select(statement, Input(time: time, organization: organization)).first ?? nil
    }

    /// Of the last event recorded by then.
    private static let recorded = selection { "log.position_at(\($0.microseconds { $0.time.microseconds }))" }

    /// Of the last event of an organization that took effect by then.
    private static let effective = selection {
        "log.position_effective_at(\($0.uuid { $0.organization }), \($0.microseconds { $0.time.microseconds }))"
    }

    /// - Parameter position: the position of a time that is not in the future.
    private static func selection(_ position: (Parameters<Input>) -> String) -> Selection<Input, Position?> {
        Selection({ try $0.intIfPresent("p.position") }) { parameters, columns in
            """
            select \(columns) from (select case when \(parameters.microseconds { $0.time.microseconds }) <= clock_timestamp()
            then \(position(parameters)) end as position) p
            """
        }
    }
}
