import Logging
import Synchronization
import Testing

@testable import DirectoryAPI

/// Work that a node repeats in the background.
@Suite(.timeLimit(.minutes(5))) struct PeriodicWorkTests {
    private struct Failure: Error, CustomStringConvertible {
        let description = "ada@acme.example is in the way"
    }

    private func work(_ recorder: LogRecorder, every interval: Duration = .milliseconds(1)) -> PeriodicWork {
        PeriodicWork(failure: "nothing is done", interval: interval, logger: recorder.logger)
    }

    /// Does the work that many times.
    private func run(_ work: PeriodicWork, times: Int, _ body: @escaping @Sendable (Int) throws -> Void) async {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let count = Mutex(0)
        let task = Task {
            await work.run {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number == times { end.finish() }
                if number <= times { try body(number) }
            }
        }
        for await _ in ends {}
        task.cancel()
        await task.value
    }

    @Test func `What fails is tried again, and its first failure in a row is a warning without what the error says`()
        async
    {
        let recorder = LogRecorder(from: .warning)
        // The first two fail, the third succeeds, and the fourth and fifth fail.
        await run(work(recorder), times: 6) { if ![3, 6].contains($0) { throw Failure() } }
        #expect(recorder.lines.count == 2)
        for line in recorder.lines {
            #expect(line.contains("nothing is done") && line.contains("Failure") && !line.contains("ada@"), "\(line)")
        }
    }

    @Test func `Each failure in a row doubles the pause, up to ten seconds or the usual one`() {
        let recorder = LogRecorder()
        let second = work(recorder, every: .seconds(1)), hour = work(recorder, every: .seconds(3600))
        #expect((0...6).map { second.pause(after: $0) } == [1, 1, 2, 4, 8, 10, 10].map { .seconds($0) })
        #expect(second.pause(after: .max) == .seconds(10))
        #expect((0...6).allSatisfy { hour.pause(after: $0) == .seconds(3600) })
    }

    @Test func `Work that is cancelled ends without a word`() async {
        let recorder = LogRecorder(from: .debug)
        let (starts, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            await work(recorder).run {
                start.finish()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        for await _ in starts {}
        task.cancel()
        await task.value
        #expect(recorder.lines.isEmpty)
    }
}
