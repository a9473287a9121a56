import TestSupport
import Testing

@testable import Postgres

/// A pool's decisions, with a clock that the test sets and connections that are open but answer nothing.
@Suite struct PoolCoreTests {
    static let point = Statement(pointRead: "SELECT $1::int8", parameters: [.int8])
    static let list: Statement = "SELECT generate_series(1, $1::int8)"

    func core(usual: Int, connections: Int) -> PoolCore {
        let nowhere = ConnectionConfiguration(url: "", applicationName: "tests")
        let core = PoolCore(
            nowhere, usual: usual, maximum: connections, thread: LoopThread(), inbox: PoolInbox(), logger: quiet)
        for _ in 0..<connections {
            let connection = Connection(nowhere, members: LoopMembers(), owner: core, logger: quiet)
            connection.phase = .open
            core.connections.append(connection)
        }
        return core
    }

    /// A read whose caller waits, until the pool is stopped.
    func request(_ statement: Statement) async -> PoolRequest {
        await withUnsafeContinuation { (handOver: UnsafeContinuation<PoolRequest, Never>) in
            Task {
                _ = await withUnsafeContinuation { (continuation: PoolRequest.Continuation) in
                    handOver.resume(returning: PoolRequest(statement, [.int8(1)], deadline: .max, continuation))
                }
            }
        }
    }

    @Test func `A surplus connection is closed under light traffic`() {
        let core = core(usual: 1, connections: 2)
        for second in 0...31 {
            let now = Nanoseconds.milliseconds(Int64(second) * 1000)
            core.connections[0].idleSince = now  // it has just answered a read
            core.turn(now: now)
            #expect(core.connections.count == (second < 30 ? 2 : 1))
        }
        #expect(core.wakeAt == .max)
    }

    @Test func `A point read that waits holds up no other`() async {
        let core = core(usual: 1, connections: 1)
        let connection = core.connections[0]
        core.enqueue(await request(Self.point))
        core.turn(now: 0)
        core.enqueue(await request(Self.point))
        for _ in 0..<3 { core.enqueue(await request(Self.list)) }
        core.turn(now: 0)
        #expect(connection.inFlight == 4)
        #expect(core.waiting.first(.points) != nil)
        #expect(core.waiting.first(.others) == nil)

        // Nor is it held up by them: it goes when the group before it has ended.
        connection.units.popFirst()?.finished(on: connection, now: 0)
        core.turn(now: 0)
        #expect(connection.inFlight == 4)
        #expect(core.waiting.isEmpty)
        core.stop(now: 0)
    }

    @Test func `A server that is slow as a whole is not sent everything again`() async {
        let core = core(usual: 4, connections: 4)
        for _ in 0..<(4 * PoolLimits.depth) { core.enqueue(await request(Self.list)) }
        core.turn(now: 0)
        #expect(core.waiting.isEmpty)
        for tick in 4..<104 { core.turn(now: Nanoseconds.milliseconds(Int64(tick) * 5)) }
        var again = 0
        core.waiting.forEach { _ in again += 1 }
        #expect((PoolLimits.hedgeReserve...(PoolLimits.hedgeReserve + 25)).contains(again))
        core.stop(now: 0)
    }

    @Test func `Four answers pay for one hedge`() {
        var budget = HedgeBudget()
        func spendAll() -> Int {
            var spent = 0
            while budget.spend() { spent += 1 }
            return spent
        }
        #expect(spendAll() == PoolLimits.hedgeReserve)
        for _ in 0..<3 { budget.earn() }
        #expect(spendAll() == 0)
        budget.earn()
        #expect(spendAll() == 1)
        budget.giveBack()
        #expect(spendAll() == 1)
        for _ in 0..<10_000 { budget.earn() }
        #expect(spendAll() == PoolLimits.hedgeReserve)
    }
}
