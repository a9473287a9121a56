/// Something that is measured: what it is called, what it means, and how its samples are read.
public struct Metric: Sendable {
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    /// By the conventions of Prometheus: with its unit, and `_total` for what only grows.
    public let name: String
    public let kind: Kind
    /// The names of the labels of its samples; their values are words of this program, never of its clients.
    public let labels: [String]
    /// A sentence.
    public let help: String
    /// Reads the samples. It must not wait for anything outside of this process.
    public let read: @Sendable () async -> [Sample]

    public init(
        _ name: String, _ kind: Kind, labels: [String] = [], _ help: String,
        read: @escaping @Sendable () async -> [Sample]
    ) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
        self.read = read
    }
}

extension Metric {
    /// A value that goes up and down.
    /// - Parameter value: `nil` where there is none at the moment.
    public static func gauge(
        _ name: String, _ help: String, _ value: @escaping @Sendable () async -> Double?
    ) -> Metric {
        Metric(name, .gauge, help) { await value().map { [Sample(value: $0)] } ?? [] }
    }

    /// Values that go up and down, of several things.
    /// - Parameter label: what these are.
    public static func gauge(
        _ name: String, by label: String, _ help: String,
        _ values: @escaping @Sendable () async -> [(String, Double)]
    ) -> Metric {
        Metric(name, .gauge, labels: [label], help) {
            await values().map { Sample(labels: [Sample.Label(label, $0)], value: $1) }
        }
    }

    public static func counter(_ name: String, _ help: String, _ counter: Counter) -> Metric {
        Metric(name, .counter, help) { [Sample(value: Double(counter.value))] }
    }

    public static func histogram(_ name: String, _ help: String, _ histogram: Histogram) -> Metric {
        Metric(name, .histogram, help) { histogram.samples() }
    }

    /// How often each of several caches had what was asked of it.
    /// - Parameter caches: by their names.
    public static func caches(_ name: String, _ help: String, _ caches: [(String, CacheLookups)]) -> Metric {
        Metric(name, .counter, labels: ["cache", "result"], help) {
            caches.flatMap { cache, lookups in
                [("hit", lookups.hits), ("miss", lookups.misses)].map { result, counter in
                    Sample(
                        labels: [Sample.Label("cache", cache), Sample.Label("result", result)],
                        value: Double(counter.value))
                }
            }
        }
    }
}
