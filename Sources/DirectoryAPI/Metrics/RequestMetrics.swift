import HTTPTypes
import Instruments
import NIOCore

/// How many requests there were, and how long each took until its response began: by operation and by class of status.
///
/// A request costs two looks at the clock and two additions: what to add to is found by numbers, without a search, a lock or an
/// allocation.
final class RequestMetrics: Sendable {
    /// The classes of responses.
    private static let classes = ["2xx", "3xx", "4xx", "5xx", "gone"]
    private static let gone = classes.count - 1

    /// The row of requests that are for no operation.
    let none: Int
    /// The row of requests for the files of the console.
    let console: Int
    /// Requests that are not HTTP, and so are for nothing.
    let malformed = Counter()
    private let names: [String]
    private let histogram: Histogram

    /// - Parameter operations: each has its place here as the `index` of its route.
    init(_ operations: [Operation]) {
        names = operations.map(\.name) + ["console", "none"]
        console = operations.count
        none = operations.count + 1
        histogram = Histogram(.latencies, rows: names.count * RequestMetrics.classes.count)
    }

    /// Counts a request.
    /// - Parameters:
    ///   - row: the index of its operation, or `console` or `none`.
    ///   - status: that of its response; `nil` where nobody waits for one any longer.
    func record(_ row: Int, _ status: HTTPResponse.Status?, since begun: NIODeadline) {
        let time = Int(truncatingIfNeeded: (NIODeadline.now() - begun).nanoseconds)
        let place = status.map { min(max($0.code / 100 - 2, 0), RequestMetrics.gone - 1) } ?? RequestMetrics.gone
        histogram.record(time, row: row * RequestMetrics.classes.count + place)
    }

    /// What is shown of it. Of what never happened there are no samples: most operations never answer with most classes.
    var metrics: [Metric] {
        [
            Metric(
                "directory_http_request_duration_seconds", .histogram, labels: ["operation", "status"],
                """
                How long requests took until their response began, by operationId (console: a file of the console; none: no \
                operation) and class of status (gone: the client did not wait).
                """
            ) { [self] in samples },
            .counter(
                "directory_http_malformed_requests_total",
                "Requests that were refused because they were not HTTP; they are in no other metric.", malformed),
        ]
    }

    private var samples: [Sample] {
        names.enumerated().flatMap { index, name in
            RequestMetrics.classes.enumerated().flatMap { place, status -> [Sample] in
                let row = index * RequestMetrics.classes.count + place
                guard !histogram.isEmpty(row: row) else { return [] }
                return histogram.samples(
                    row: row, labels: [Sample.Label("operation", name), Sample.Label("status", status)])
            }
        }
    }
}
