import TestSupport
import Testing

@testable import Instruments

@Suite struct MetricsTextTests {
    private func text(_ metrics: [Metric]) async -> String {
        String(decoding: await MetricsText.read(metrics), as: UTF8.self)
    }

    @Test func `A metric is its help, its type and its samples`() async {
        let counter = Counter()
        counter.add(3)
        let histogram = Histogram(.times([0.5, 1]))
        histogram.record(.milliseconds(750))
        let lookups = CacheLookups()
        lookups.count(found: false)
        let metrics: [Metric] = [
            .counter("a_total", "As.", counter), .histogram("b_seconds", "Bs.", histogram),
            .gauge("c", by: "of", "Cs.") { [("x", 1.5), ("y", -2)] }, .gauge("d", "None now.") { nil },
            .caches("e_total", "Es.", [("z", lookups)]),
        ]
        #expect(
            await text(metrics) == """
                # HELP a_total As.
                # TYPE a_total counter
                a_total 3
                # HELP b_seconds Bs.
                # TYPE b_seconds histogram
                b_seconds_bucket{le="0.5"} 0
                b_seconds_bucket{le="1"} 1
                b_seconds_bucket{le="+Inf"} 1
                b_seconds_sum 0.75
                b_seconds_count 1
                # HELP c Cs.
                # TYPE c gauge
                c{of="x"} 1.5
                c{of="y"} -2
                # HELP d None now.
                # TYPE d gauge
                # HELP e_total Es.
                # TYPE e_total counter
                e_total{cache="z",result="hit"} 0
                e_total{cache="z",result="miss"} 1

                """)
    }

    @Test func `What would end a line or a value is escaped`() async throws {
        let page = await text([.gauge("a", by: "b", "A \\ \"B\"\nC") { [("x\"y\\z\n", 1)] }])
        #expect(
            page == #"""
                # HELP a A \\ "B"\nC
                # TYPE a gauge
                a{b="x\"y\\z\n"} 1

                """#)
        #expect(try MetricsPage(page).families.map(\.samples.count) == [1])
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.nan, "NaN"),
        (.infinity, "+Inf"), (-.infinity, "-Inf"),
    ])
    func `Numbers are written as the format has them`(_ value: Double, _ text: String) {
        #expect(Sample.text(of: value) == text)
    }
}
