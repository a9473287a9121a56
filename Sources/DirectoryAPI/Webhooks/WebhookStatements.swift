import CanonicalJSON
import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import Migrations
import OrganizationsProjection
import Postgres
import WebhooksProjection

/// A webhook that is to be told of something, in its organization.
struct DueWebhook: Sendable, Hashable {
    let id: UUID
    let organization: UUID
}

/// A webhook and how far its deliveries are, as a delivery begins with it.
struct DeliverableWebhook: Sendable {
    let id: UUID
    let organization: UUID
    /// `nil` where it is none that can be reached.
    let url: WebhookURL?
    let types: [String]
    /// The position of the event that made it so.
    let version: Position
    let position: Position
    let isBehind: Bool
    /// How many attempts at the next event have failed, and since when.
    let failures: Int64
    let failingSince: Instant?
    /// When there is another attempt; `nil` where none has failed.
    let nextAttempt: Instant?
    let sealedSecret: [UInt8]?

    init(_ columns: inout Columns) throws {
        id = try columns.uuid("w.id")
        organization = try columns.uuid("w.organization")
        let json = try? JSON(parsing: try columns.bytes("w.json"), limits: .trusted)
        url = json?["url"]?.string.flatMap { WebhookURL($0) }
        types = (json?["types"]?.array ?? []).compactMap(\.string)
        version = try columns.int("w.since")
        position = try columns.int("s.position")
        isBehind = try columns.bool("s.is_behind")
        failures = try columns.int("case when w.since > s.version then 0 else s.attempts end")
        failingSince = try columns.microsecondsIfPresent(
            "case when w.since > s.version then null else s.failing_since end"
        ).map { Instant(microseconds: $0) }
        nextAttempt = try columns.microsecondsIfPresent(
            "case when w.since > s.version then null else s.next_attempt_at end"
        ).map { Instant(microseconds: $0) }
        sealedSecret = try columns.bytesIfPresent("c.sealed")
    }
}

/// The statements of deliveries. Those before `secret` are for the node that delivers, in the session by which it alone
/// does.
enum WebhookStatements {
    private static let webhooks = "\(Webhooks.schemaName).current"
    private static let progress = WebhookProgresses.name
    private static let deliveries = WebhookProgresses.deliveries
    /// How many attempts are remembered of each webhook.
    private static let remembered = 100

    /// Webhooks `w` to which deliveries are made, with their progress `s`.
    private static let deliverable = """
        \(webhooks) w join \(progress) s on s.id = w.id join \(Organizations.schemaName).current o on o.id = w.organization \
        and o.status = \(ReadSQL.active) and w.status = \(ReadSQL.active)
        """

    /// Whether this session is now the one that delivers.
    static let lead = Selection { try $0.bool("pg_try_advisory_lock(\(AdvisoryLock.webhooks.keys))") }

    /// The position of the log, and whether there is any webhook.
    static let state = Selection {
        (
            head: try $0.int("coalesce((select position from log.events order by position desc limit 1), 0)"),
            isNeeded: try $0.bool("exists (select from \(progress))")
        )
    }

    /// Of the webhooks after an id, some that have not examined all events of their organizations.
    static let behind = Selection<(after: UUID, limit: Int), DueWebhook>(
        { DueWebhook(id: try $0.uuid("s.id"), organization: try $0.uuid("s.organization")) }
    ) { parameters, columns in
        """
        select \(columns) from \(progress) s where s.id > \(parameters.uuid { $0.after }) and exists (
            select from log.events e where (e.organization, e.position) > (s.organization, s.position)
            and (e.organization, e.position) <= (s.organization, \(Int64.max)))
        order by s.id limit \(parameters.int { Int64($0.limit) })
        """
    }

    /// ACTIVE webhooks of which nothing is known but what the log says: a restored log has no secrets.
    static let orphans = Selection<Void, (id: UUID, version: Position)>(
        { (id: try $0.uuid("w.id"), version: try $0.int("w.since")) },
        "from \(webhooks) w where w.status = \(ReadSQL.active) and not exists (select from \(progress) s where s.id = w.id)"
    )

    /// The webhooks that are due: those of organizations in which something has happened, and those whose next attempt is. What is
    /// no longer to be delivered to is not asked about again until it is changed.
    static let due = Selection<(organizations: [UUID], now: Instant), DueWebhook>(
        { DueWebhook(id: try $0.uuid("w.id"), organization: try $0.uuid("w.organization")) }
    ) { parameters, columns in
        let now = parameters.microseconds { $0.now.microseconds }
        return """
            with parked as (
                update \(progress) p set next_attempt_at = null where p.next_attempt_at <= \(now)
                and not exists (select from \(deliverable) where w.id = p.id))
            select \(columns) from (
                select id from \(progress) where organization = any(\(parameters.uuids { $0.organizations }))
                union select id from \(progress) where next_attempt_at <= \(now)
            ) d cross join lateral (select w.*, s.next_attempt_at, s.version from \(deliverable) where w.id = d.id offset 0) w
            where w.next_attempt_at is null or w.next_attempt_at <= \(now) or w.since > w.version
            order by w.created
            """
    }

    /// A webhook, if there are still deliveries to it.
    static let webhook = Selection<UUID, DeliverableWebhook>({ try DeliverableWebhook(&$0) }) { parameters, columns in
        """
        select \(columns) from \(deliverable) left join \(Secrets.name) c on c.owner = w.id and c.name = ''
        where w.id = \(parameters.uuid { $0 })
        """
    }

    /// The sealed secret of a webhook.
    static let secret = Selection<UUID, [UInt8]>({ try $0.bytes("c.sealed") }) { parameters, columns in
        """
        select \(columns) from \(Secrets.name) c
        where c.owner = \(parameters.uuid { $0 }) and c.name = '' and c.sealed is not null
        """
    }

    /// Notes that a webhook asks for nothing up to a position.
    static let advance = Query<(id: UUID, position: Position)> {
        """
        update \(progress) set position = greatest(position, \($0.int { $0.position })), is_behind = false
        where id = \($0.uuid { $0.id })
        """
    }

    /// Notes that an event was delivered.
    static let delivered = Query<(webhook: DeliverableWebhook, position: Position, isBehind: Bool)> {
        """
        update \(progress) set position = greatest(position, \($0.int { $0.position })), attempts = 0,
        is_behind = \($0.bool { $0.isBehind }), failing_since = null, next_attempt_at = null,
        version = \($0.int { $0.webhook.version }) where id = \($0.uuid { $0.webhook.id })
        """
    }

    /// Notes that an attempt failed; without a next one, the webhook is about to be disabled.
    static let failed = Query<(webhook: DeliverableWebhook, since: Instant, next: Instant?)> {
        """
        update \(progress) set is_behind = true, attempts = \($0.int { $0.webhook.failures + 1 }),
        failing_since = \($0.microseconds { $0.since.microseconds }),
        next_attempt_at = \($0.microseconds { $0.next?.microseconds }),
        version = \($0.int { $0.webhook.version }) where id = \($0.uuid { $0.webhook.id })
        """
    }

    /// Remembers an attempt, and forgets the oldest. Repeated, it does nothing more.
    static let record = Query<(webhook: UUID, attempt: WebhookAttempt)> {
        let webhook = $0.uuid { $0.webhook }, event = $0.uuid { $0.attempt.event }
        let time = $0.microseconds { $0.attempt.time.microseconds }
        return """
            with old as (delete from \(deliveries) where webhook = \(webhook) and number <= (
                select number from \(deliveries) where webhook = \(webhook) order by number desc offset \(remembered - 1) limit 1))
            insert into \(deliveries) (webhook, event, position, attempt, attempted_at, milliseconds, status, error)
            select \(webhook), \(event), \($0.int { $0.attempt.position }), \($0.int { $0.attempt.number }), \(time),
            \($0.int { $0.attempt.milliseconds }), \($0.int { $0.attempt.status }), \($0.text { $0.attempt.error })
            where exists (select from \(progress) where id = \(webhook)) and not exists (
                select from \(deliveries) where webhook = \(webhook) and event = \(event) and attempted_at = \(time))
            """
    }

    /// The attempts that are remembered of a webhook, the latest first.
    static let latest = Selection<UUID, WebhookAttempt>({ try WebhookAttempt(&$0) }) { parameters, columns in
        "select \(columns) from \(deliveries) d where d.webhook = \(parameters.uuid { $0 }) order by d.number desc"
    }
}

/// How much webhooks have not been told yet.
public enum WebhookLag {
    /// The number of events of the log after what the slowest ACTIVE webhook has been told; 0 if all have been told of everything
    /// that they ask for.
    public static func read(_ database: some DatabaseReader) async throws -> Int64 {
        try await database.rows(lag, ()).first ?? 0
    }

    static let lag = Selection<Void, Int64>(
        {
            try $0.int(
                """
                coalesce((select position from log.events order by position desc limit 1), 0) \
                - coalesce(min(s.position), (select position from log.events order by position desc limit 1), 0)
                """)
        },
        """
        from \(WebhookProgresses.name) s join \(Webhooks.schemaName).current w on w.id = s.id \
        and w.status = \(ReadSQL.active) where s.is_behind
        """)
}
