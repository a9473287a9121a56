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
        let isEffective = query("effective") == "true"
        guard let text = query("asOf") else {
            guard isEffective else { return .now }
            throw Problem.invalid("effective goes with asOf.", [Refusal.Field("?effective", "goes with asOf")])
        }
        guard let time = Instant(rfc3339: text) else {
            guard !isEffective else {
                throw Problem.invalid(
                    "A position is the same whenever changes took effect.",
                    [Refusal.Field("?asOf", "must be a time with effective=true")])
            }
            return .asOf(Position(text) ?? 0)
        }
        var organization: UUID?
        if isEffective { organization = try await currentOrganization(at: .now).facts.organization }
        guard let position = try await PastPosition.read(time, effectiveIn: organization, service.reads) else {
            throw APIRequest.future
        }
        return .asOf(position)
    }

    private static let future = Problem.invalid(
        "Nothing is known of the future.", [Refusal.Field("?asOf", "must not be a time in the future")])
}

extension Problem {
    /// Why a position cannot be shown that the log has not reached.
    static let afterLog = Problem.invalid(
        "The log has not reached that position.", [Refusal.Field("?asOf", "must not be after the end of the log")])
}

/// The last position of a time.
private enum PastPosition {
    private struct Input: Sendable {
        let time: Instant
        let organization: UUID?
    }

    /// - Parameter organization: the one in which the time is one of effect; `nil` for the time of recording.
    /// - Returns: `nil` for a time in the future.
    static func read(
        _ time: Instant, effectiveIn organization: UUID?, _ pool: PostgresPool
    ) async throws -> Position? {
        let query = organization == nil ? recorded : effective
        let rows = try await pool.read(query, Input(time: time, organization: organization))
        return try rows.first?.intIfPresent(0)
    }

    /// Of the last event recorded by then.
    private static let recorded = Query<Input> { parameters in
        let time = parameters.microseconds { $0.time.microseconds }
        return "select case when \(time) <= clock_timestamp() then log.position_at(\(time)) end"
    }

    /// Of the last event of an organization that took effect by then.
    private static let effective = Query<Input> { parameters in
        let time = parameters.microseconds { $0.time.microseconds }
        let organization = parameters.uuid { $0.organization }
        return """
            select case when \(time) <= clock_timestamp() then log.position_effective_at(\(organization), \(time)) end
            """
    }
}
