/// A value of a metric at the moment of asking.
public struct Sample: Sendable, Equatable {
    /// What tells it from other samples of its metric.
    public struct Label: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// What follows the metric's name: `_bucket` for a bucket of a histogram.
    public let suffix: String
    public let labels: [Label]
    public let value: Double

    public init(suffix: String = "", labels: [Label] = [], value: Double) {
        (self.suffix, self.labels, self.value) = (suffix, labels, value)
    }

    /// A number as the text format has it.
    static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
