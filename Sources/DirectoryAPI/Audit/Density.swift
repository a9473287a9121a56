import CanonicalJSON
import Directory
import EventSourcing
import FoundationEssentials
import Postgres

extension QueryParameter {
    /// The parameters of `GET /organization/{organization}/density`.
    static let density = [
        QueryParameter("from", .time, "Where the span begins; just before the first change if not given."),
        QueryParameter("to", .time, "Where the span ends; at the last change if not given."),
        QueryParameter(
            "buckets", .integer(1...1000), "How many parts the span is divided into (default: 100).", example: "24"),
        QueryParameter(
            "asOf", .moment, "Only changes up to this moment: a time, or a position of the log."),
        QueryParameter(
            "effective", .choice(["true", "false"]),
            "With true, changes count when they took effect, and not when they were recorded."),
    ]
}

extension APIRequest {
    /// How many changes an organization had in each part of a span of time.
    func density(of organization: UUID) async throws -> APIResponse {
        let past = try await position(at: "asOf") { organization }
        let scope = try await self.organization(organization, at: past.map { .asOf($0) } ?? .now)
        let input = Density.Input(
            organization: organization, isEffective: query("effective") == "true", through: scope.facts.position)
        guard !isReversed(from: query("from"), to: query("to")) else {
            throw Problem.invalid(
                "The times are in the wrong order.", [Refusal.Field("?from", "must not be after to")])
        }
        let span = try await self.span(input)
        let bounds = Density.bounds(span, parts: query("buckets").flatMap { Int64($0) } ?? 100)
        let counts = try await Density.counts(input, bounds, service.walks)
        let parts = zip(zip(bounds, bounds.dropFirst()), counts).map { Density.json(from: $0.0, to: $0.1, changes: $1) }
        return APIResponse(.elements(parts.elements), for: scope.facts)
    }

    /// The span that the request asks for; as far as it does not, that of the organization's changes.
    private func span(_ input: Density.Input) async throws -> ClosedRange<Instant> {
        let (from, to) = (
            query("from").flatMap { Instant(rfc3339: $0) }, query("to").flatMap { Instant(rfc3339: $0) }
        )
        if let from, let to { return from...to }
        let (first, last) = try await Density.extent(input, service.reads)
        // A part begins after its start.
        let start = from ?? min(first.advanced(byMicroseconds: -1), to ?? first)
        return start...(to ?? max(last, start))
    }
}

/// How many changes there were over time.
///
/// In an organization times rise with positions, those at which changes took effect too: an import begins after what took effect
/// before. So each bound in time becomes a position by a binary search, and what is between two positions is counted in the
/// index of the log by organization and position, without a look at an event.
enum Density {
    struct Input: Sendable {
        let organization: UUID
        /// Whether changes count when they took effect.
        let isEffective: Bool
        /// The last position that counts.
        let through: Position
    }

    /// The ends of equal parts of a span, its own among them.
    static func bounds(_ span: ClosedRange<Instant>, parts: Int64) -> [Instant] {
        let start = span.lowerBound.microseconds
        let (width, rest) = (span.upperBound.microseconds - start).quotientAndRemainder(dividingBy: parts)
        return (0...parts).map { Instant(microseconds: start + width * $0 + rest * $0 / parts) }
    }

    /// How many changes there were between each two bounds.
    static func counts(_ input: Input, _ bounds: [Instant], _ pool: PostgresPool) async throws -> [Int64] {
        try await pool.select(between, Spans(input: input, bounds: bounds)).first ?? []
    }

    /// The times of the first and of the last change.
    static func extent(_ input: Input, _ pool: PostgresPool) async throws -> (first: Instant, last: Instant) {
        guard let (first, last) = try await pool.select(ends, input).first else {
            throw Refusal.notFound("organization")
        }
        return (first, last)
    }

    static func json(from: Instant, to: Instant, changes: Int64) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 96)
        writer.beginObject()
        writer.member("from", from.description)
        writer.member("to", to.description)
        writer.member("changes", changes)
        writer.endObject()
        return writer.bytes
    }

    private struct Spans: Sendable {
        let input: Input
        let bounds: [Instant]
    }

    private static let between = Selection<Spans, [Int64]> {
        try $0.ints("coalesce(array_agg(c.changes order by s.place), '{}')")
    } _: { parameters, columns in
        let organization = parameters.uuid { $0.input.organization }
        let bounds = parameters.each { $0.bounds }.microseconds { $0.microseconds }
        return """
            with bounds as materialized (
                select u.place, least(\(parameters.int { $0.input.through }),
                    case when \(parameters.bool { $0.input.isEffective })
                    then log.position_effective_at(\(organization), u.time) else log.position_at(u.time) end) as position
                from unnest(\(bounds)) with ordinality u (time, place)
            ), spans as materialized (
                select b.place, b.position, lag(b.position) over (order by b.place) as before from bounds b
            )
            select \(columns) from spans s cross join lateral (
                select count(*) as changes from log.events e where e.organization = \(organization)
                and e.position > s.before and e.position <= s.position offset 0) c
            where s.before is not null
            """
    }

    private static let ends = Selection<Input, (Instant, Instant)> {
        (
            Instant(microseconds: try $0.microseconds("f.time")), Instant(microseconds: try $0.microseconds("l.time"))
        )
    } _: { parameters, columns in
        let organization = parameters.uuid { $0.organization }
        let (isEffective, through) = (parameters.bool { $0.isEffective }, parameters.int { $0.through })
        func end(_ order: String) -> String {
            """
            (select case when \(isEffective) then coalesce(e.effective_at, e.recorded_at) else e.recorded_at end as time
            from log.events e where (e.organization, e.position) > (\(organization), 0)
            and (e.organization, e.position) <= (\(organization), \(through))
            order by e.organization \(order), e.position \(order) limit 1)
            """
        }
        return "select \(columns) from \(end("asc")) f cross join \(end("desc")) l"
    }
}
