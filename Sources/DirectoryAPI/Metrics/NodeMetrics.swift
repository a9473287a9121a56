import CommandProcessor
import Instruments
import Postgres

/// What a node tells about itself, in the order in which it is shown. Each metric is also in the table of docs/operating.md.
enum NodeMetrics {
    static func all(_ service: DirectoryService, _ requests: RequestMetrics, _ probe: DatabaseProbe) -> [Metric] {
        requests.metrics + writing(service) + memory(service) + pools(service)
            + [
                .gauge(
                    "directory_postgres_up",
                    "Whether the database answered when it was asked last, seconds ago: 1 or 0."
                ) { probe.isUp ? 1 : 0 },
                .gauge("directory_log_position", "The position of the last event that is known to be in the log.") {
                    probe.position.map { Double($0) }
                },
                .gauge("directory_feed_streams", "Streams of the audit trail that are open.") {
                    Double(service.feed.count)
                },
                .gauge(
                    "directory_webhook_lag_events",
                    "Events of the log after what the slowest active webhook has been told: 0 if all know everything."
                ) { probe.lag.map { Double($0) } },
            ]
    }

    private static func writing(_ service: DirectoryService) -> [Metric] {
        let processor = service.processor
        return [
            .histogram(
                "directory_batch_commands", "How many commands were carried out in one transaction.",
                processor.metrics.batchSizes),
            .histogram(
                "directory_commit_duration_seconds",
                "How long it took to append the events of a batch, write its rows and commit.",
                processor.metrics.commits),
            .counter(
                "directory_events_appended_total", "Events that this node has appended.", processor.metrics.events),
            .gauge("directory_command_queue_length", "Commands that wait for the next batch.") {
                Double(processor.queueLength)
            },
            .gauge(
                "directory_writing_stopped",
                "Whether this node has stopped writing for a reason that an operator must look into: 1 or 0."
            ) { if case .stopped = processor.status { 1 } else { 0 } },
        ]
    }

    private static func memory(_ service: DirectoryService) -> [Metric] {
        [
            .caches(
                "directory_cache_lookups_total",
                """
                How often a cache had what was asked of it (hit) or not (miss): rows of a batch, verified tokens, keys of \
                organizations, keys of lists, pages of streams.
                """,
                [
                    ("rows", service.processor.metrics.rows), ("tokens", service.tokens.lookups),
                    ("organization_keys", service.tokens.organizationKeyLookups),
                    ("list_keys", service.listKeys.lookups), ("feed_pages", service.feedPages.lookups),
                ])
        ]
    }

    private static func pools(_ service: DirectoryService) -> [Metric] {
        let pools = [
            ("reads", service.reads), ("lists", service.lists), ("walks", service.walks), ("feed", service.feed.pool),
        ]
        func gauge(_ name: String, _ help: String, _ value: @escaping @Sendable (PoolStatus) -> Int) -> Metric {
            .gauge(name, by: "pool", help) {
                var values: [(String, Double)] = []
                for (name, pool) in pools { values.append((name, Double(value(await pool.status())))) }
                return values
            }
        }
        return [
            gauge("directory_pool_connections", "Connections to the database that are open.", \.open),
            gauge("directory_pool_connections_busy", "Open connections that carry out a statement.", \.busy),
            gauge("directory_pool_connections_max", "How many connections may be open.", \.maximum),
            gauge("directory_pool_reads_waiting", "Reads that wait for a connection.", \.waiting),
        ]
    }
}
