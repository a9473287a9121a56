/// The text format in which Prometheus reads metrics (version 0.0.4).
public enum MetricsText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Reads metrics, and writes them in their order.
    public static func read(_ metrics: [Metric]) async -> [UInt8] {
        var text: [UInt8] = []
        for metric in metrics { write(metric, await metric.read(), to: &text) }
        return text
    }

    static func write(_ metric: Metric, _ samples: [Sample], to text: inout [UInt8]) {
        text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n".utf8
        text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n".utf8
        for sample in samples {
            text += metric.name.utf8
            text += sample.suffix.utf8
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
                text += "{\(labels.joined(separator: ","))}".utf8
            }
            text += " \(Sample.text(of: sample.value))\n".utf8
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\".unicodeScalars
            case "\n": escaped += "\\n".unicodeScalars
            case "\"" where quotes: escaped += "\\\"".unicodeScalars
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
