import Testing

@testable import Instruments

@Suite struct HistogramTests {
    private func values(_ samples: [Sample], _ suffix: String) -> [Double] {
        samples.filter { $0.suffix == suffix }.map(\.value)
    }

    @Test func `A bucket counts all values up to its end, which is in it`() {
        let histogram = Histogram(.numbers([1, 2, 4]))
        for value in [0, 1, 2, 3, 4, 5, 1000] { histogram.record(value) }
        let samples = histogram.samples()
        #expect(values(samples, "_bucket") == [2, 3, 5, 7])
        #expect(values(samples, "_sum") == [1015])
        #expect(values(samples, "_count") == [7])
        #expect(samples.flatMap(\.labels) == ["1", "2", "4", "+Inf"].map { Sample.Label("le", $0) })
    }

    @Test func `Times are recorded in nanoseconds and shown in seconds`() {
        let histogram = Histogram(.times([0.0001, 0.25, 10]))
        histogram.record(100_000)
        histogram.record(.milliseconds(250))
        histogram.record(.seconds(11))
        let samples = histogram.samples()
        #expect(values(samples, "_bucket") == [1, 2, 2, 3])
        #expect(values(samples, "_sum") == [11.2501])
        #expect(samples.flatMap(\.labels).map(\.value) == ["0.0001", "0.25", "10", "+Inf"])
    }

    @Test func `Rows are counted each for itself`() {
        let histogram = Histogram(.numbers([1]), rows: 3)
        histogram.record(1, row: 1)
        histogram.record(5, row: 2)
        histogram.record(7, row: 2)
        #expect((0..<3).map { histogram.isEmpty(row: $0) } == [true, false, false])
        #expect((0..<3).map { values(histogram.samples(row: $0), "_sum") } == [[0], [1], [12]])
        #expect((0..<3).map { values(histogram.samples(row: $0), "_bucket") } == [[0, 0], [1, 1], [0, 2]])
    }

    @Test func `Nothing is lost when many record at once`() async {
        let histogram = Histogram(.numbers([10, 100]), rows: 2)
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for value in 0..<10_000 {
                        histogram.record(value % 200, row: value % 2)
                        counter.add()
                    }
                }
            }
        }
        #expect(counter.value == 80_000)
        #expect((0..<2).map { values(histogram.samples(row: $0), "_count") } == [[40_000], [40_000]])
        let sum = (0..<10_000).reduce(0) { $0 + $1 % 200 } * 8
        #expect((0..<2).flatMap { values(histogram.samples(row: $0), "_sum") }.reduce(0, +) == Double(sum))
    }
}
