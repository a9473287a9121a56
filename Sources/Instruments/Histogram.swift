/// Where the buckets of a histogram end.
public struct Buckets: Sendable {
    /// The largest value of each bucket but the last, which has no end; in the whole units that are recorded.
    let bounds: [Int]
    /// How many of these units make one that is shown.
    let units: Double

    /// Buckets of times: recorded in nanoseconds, shown in seconds.
    /// - Parameter seconds: where they end, ascending.
    public static func times(_ seconds: [Double]) -> Buckets {
        Buckets(bounds: seconds.map { Int(($0 * 1e9).rounded()) }, units: 1e9)
    }

    /// Buckets of numbers of things.
    /// - Parameter bounds: where they end, ascending.
    public static func numbers(_ bounds: [Int]) -> Buckets { Buckets(bounds: bounds, units: 1) }

    /// From a tenth of a millisecond, which a read from memory takes, to ten seconds, after which a client has gone.
    public static let latencies = times([
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ])
}

/// How often values were how large: a row of buckets for each of several things that are told apart by a number.
///
/// To record a value costs two additions to numbers that other threads may add to.
public final class Histogram: Sendable {
    /// How many rows there are.
    public let rows: Int
    private let buckets: Buckets
    /// For each row its buckets, then the sum of its values.
    private let cells: AtomicCells
    private let stride: Int

    public init(_ buckets: Buckets, rows: Int = 1) {
        self.rows = rows
        self.buckets = buckets
        stride = buckets.bounds.count + 2
        cells = AtomicCells(count: stride * rows)
    }

    /// Records a value.
    /// - Parameter value: in the units of the buckets: nanoseconds for times.
    public func record(_ value: Int, row: Int = 0) {
        var bucket = 0
        while bucket < buckets.bounds.count, value > buckets.bounds[bucket] { bucket += 1 }
        cells.add(1, at: row * stride + bucket)
        cells.add(value, at: row * stride + stride - 1)
    }

    /// Records a time.
    public func record(_ duration: Duration, row: Int = 0) {
        let (seconds, attoseconds) = duration.components
        record(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000), row: row)
    }

    /// The samples of a row, as they are written: buckets that count all up to their end, the sum, the number.
    ///
    /// Values recorded meanwhile may be in the sum already and not in a bucket yet. The buckets always agree with the number.
    public func samples(row: Int = 0, labels: [Sample.Label] = []) -> [Sample] {
        var samples: [Sample] = []
        var total = 0
        for (index, bound) in buckets.bounds.enumerated() {
            total += cells[row * stride + index]
            let end = Sample.text(of: Double(bound) / buckets.units)
            samples.append(Sample(suffix: "_bucket", labels: labels + [Sample.Label("le", end)], value: Double(total)))
        }
        total += cells[row * stride + buckets.bounds.count]
        samples.append(Sample(suffix: "_bucket", labels: labels + [Sample.Label("le", "+Inf")], value: Double(total)))
        let sum = Double(cells[row * stride + stride - 1]) / buckets.units
        samples.append(Sample(suffix: "_sum", labels: labels, value: sum))
        samples.append(Sample(suffix: "_count", labels: labels, value: Double(total)))
        return samples
    }

    /// Whether nothing was recorded in a row.
    public func isEmpty(row: Int = 0) -> Bool {
        (0...buckets.bounds.count).allSatisfy { cells[row * stride + $0] == 0 }
    }
}
