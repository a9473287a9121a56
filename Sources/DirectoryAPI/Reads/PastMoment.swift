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
            "The moment to show: a time, or a position of the log; one among the events of a change is that of the last of them. "
                + "What was erased since is erased there too; rights are today's."
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
    /// Reads at the moment that the request asks for.
    ///
    /// A position among the events of one command is that of the last: what was decided at once is shown at once. Hardly anybody
    /// asks for another, and each read finds out if so, so that a position costs no look at the log beforehand.
    /// - Throws: 400, where the moment has not come yet, or where there is no organization whose changes took effect by then; what
    ///   `read` throws.
    func atStatedMoment<Value>(_ read: (Moment) async throws -> Value) async throws -> Value {
        let past = try await statedPosition(at: "asOf") {
            try await self.currentOrganization(at: .now).facts.organization
        }
        guard let past else {
            guard query("effective") != "true" else {
                throw Problem.invalid("effective goes with asOf.", [Refusal.Field("?effective", "goes with asOf")])
            }
            return try await read(.now)
        }
        do {
            return try await read(.asOf(past))
        } catch let inside as PositionInsideCommand {
            return try await read(.asOf(try await PastPosition.end(ofCommandAt: inside.position, service.reads)))
        }
    }

    /// The position of the moment at a parameter; `nil` if it is not given.
    /// - Parameter organization: finds the organization whose changes took effect by then, if the request goes by that.
    /// - Throws: 400, where it has not come yet; what `organization` throws.
    func position(at parameter: String, effectiveIn organization: () async throws -> UUID?) async throws -> Position? {
        guard let position = try await statedPosition(at: parameter, effectiveIn: organization) else { return nil }
        return try await PastPosition.end(ofCommandAt: position, service.reads)
    }

    /// The same, which may be inside a command if it was stated as a position.
    private func statedPosition(
        at parameter: String, effectiveIn organization: () async throws -> UUID?
    ) async throws -> Position? {
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

/// A position was asked for that is among those of one command, and not the last of them.
struct PositionInsideCommand: Error {
    let position: Position
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

    /// The last position of the command that has this one, as far as no import is part of it; the same where there is none.
    static func end(ofCommandAt position: Position, _ pool: PostgresPool) async throws -> Position {
        try await pool.select(end, position).first ?? position
    }

    private static let end = Selection<Position, Position> {
        try $0.int("coalesce(i.first - 1, c.last)")
    } _: { parameters, columns in
        """
        select \(columns) from log.events e cross join lateral (select log.position_at(e.recorded_at) as last) c
        cross join lateral (select min(i.position) as first from log.events i
            where i.position between e.position + 1 and c.last and i.effective_at is not null) i
        where e.position = \(parameters.int { $0 }) and e.effective_at is null
        """
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
