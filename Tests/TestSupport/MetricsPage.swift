/// A page of metrics in Prometheus's text format, read as strictly as the format is described.
package struct MetricsPage {
    package struct Sample: Equatable {
        package let name: String
        package let labels: [String: String]
        package let value: Double
    }

    package struct Family {
        package let name: String
        package let help: String
        package let kind: String
        package fileprivate(set) var samples: [Sample] = []
    }

    /// What is wrong with a page.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package private(set) var families: [Family] = []
    private var known: Set<[String]> = []

    /// - Throws: `Fault`.
    package init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line does not end") }
        var help: (name: String, text: String)?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)*)/) {
                help = (String(match.1), String(match.2))
            } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
                guard let known = help, known.name == match.1 else { throw Fault(description: "no HELP: \(line)") }
                guard !families.contains(where: { $0.name == match.1 }) else {
                    throw Fault(description: "twice: \(line)")
                }
                families.append(Family(name: known.name, help: known.text, kind: String(match.2)))
            } else {
                try add(try MetricsPage.sample(line))
            }
        }
        for family in families where family.kind == "histogram" { try family.checkHistograms() }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let fault = Fault(description: "no sample: \(line)")
        let pattern = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([0-9.e+-]+|\+Inf|-Inf|NaN)/
        guard let match = line.wholeMatch(of: pattern) else { throw fault }
        let text = match.3 == "+Inf" ? "inf" : match.3 == "-Inf" ? "-inf" : String(match.3)
        guard let value = Double(text) else { throw fault }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/),
                labels.updateValue(String(label.2), forKey: String(label.1)) == nil
            else { throw fault }
            rest = rest[label.range.upperBound...]
            if label.3 == ",", rest.isEmpty { throw fault }
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private mutating func add(_ sample: Sample) throws {
        guard var family = families.last else { throw Fault(description: "\(sample.name) comes before its TYPE") }
        let suffixes = family.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family.name + $0 == sample.name }) else {
            throw Fault(description: "\(sample.name) is not of \(family.name)")
        }
        let series = [sample.name] + sample.labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        guard known.insert(series).inserted else { throw Fault(description: "twice: \(sample)") }
        guard family.kind == "gauge" || sample.value >= 0 else { throw Fault(description: "negative: \(sample)") }
        family.samples.append(sample)
        families[families.count - 1] = family
    }

    /// The value of a metric with these labels; `nil` where there is none.
    package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    package func family(_ name: String) -> Family? { families.first { $0.name == name } }
}

extension MetricsPage.Family {
    /// Buckets must count all up to their end, in order, and the last all there are.
    fileprivate func checkHistograms() throws {
        func fault(_ text: String) -> MetricsPage.Fault { MetricsPage.Fault(description: "\(name): \(text)") }
        var rows: [[String: String]: (end: Double, count: Double)] = [:]
        for sample in samples {
            var labels = sample.labels
            switch sample.name {
            case name + "_bucket":
                guard let text = labels.removeValue(forKey: "le"), let end = Double(text == "+Inf" ? "inf" : text)
                else { throw fault("a bucket without an end") }
                if let last = rows[labels], last.end >= end || last.count > sample.value {
                    throw fault("buckets out of order")
                }
                rows[labels] = (end, sample.value)
            case name + "_count":
                guard let last = rows[labels], last.end == .infinity, last.count == sample.value else {
                    throw fault("the count is not that of the last bucket")
                }
            default:
                guard rows[labels] != nil else { throw fault("a sum without buckets") }
            }
        }
    }
}
