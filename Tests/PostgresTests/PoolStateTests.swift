import Testing

@testable import Postgres

/// A pool's decisions, with a clock that the test sets.
@Suite struct PoolStateTests {
    static let point = Statement(pointRead: "SELECT $1::int8", parameters: [.int8])
    static let list: Statement = "SELECT generate_series(1, $1::int8)"
    /// Longer than a statement that is not slow.
    static let slow = PoolLimits.slow + 1

    /// A running pool with its usual connections open.
    static func pool(usual: Int, maximum: Int) -> PoolState {
        var pool = PoolState(usual: usual, maximum: maximum)
        pool.start(now: 0)
        for action in pool.maintain(now: 0) { if case .open(let number) = action { pool.opened(number, now: 0) } }
        return pool
    }

    /// What the caller of a request was answered, in words.
    final class Answer {
        var text = "none"
    }

    static func request(_ statement: Statement, deadline: Nanoseconds = .max) -> (PoolRequest, Answer) {
        let request = PoolRequest(statement, [.int8(1)], deadline: deadline)
        let answer = Answer()
        request.onAnswer { result in
            answer.text = if case .failure(let error) = result { "\(error)" } else { "rows" }
        }
        request.take()
        return (request, answer)
    }

    /// What the pool does next, in words.
    static func next(_ pool: inout PoolState, now: Nanoseconds) -> [String] {
        var words: [String] = []
        func say(_ action: PoolState.Action) {
            switch action {
            case .open(let number): words.append("open \(number)")
            case .send(let requests, let number): words.append("send \(requests.count) on \(number)")
            case .cancel(let number): words.append("cancel \(number)")
            case .close(let number, _): words.append("close \(number)")
            }
        }
        while let batch = pool.nextBatch(now: now) { say(batch) }
        pool.maintain(now: now).forEach(say)
        return words
    }

    @Test func `A pool says what its connections do, and how many reads wait`() {
        var pool = PoolState(usual: 1, maximum: 3)
        pool.start(now: 0)
        #expect(Self.next(&pool, now: 0) == ["open 1"])
        #expect(pool.status == PoolStatus(open: 0, busy: 0, maximum: 3, waiting: 0))
        pool.opened(1, now: 0)
        #expect(pool.status == PoolStatus(open: 1, busy: 0, maximum: 3, waiting: 0))
        for _ in 0..<3 { pool.enqueue(Self.request(Self.list).0) }
        #expect(pool.status.waiting == 3)
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        #expect(pool.status == PoolStatus(open: 1, busy: 1, maximum: 3, waiting: 2))
        pool.ended(1, nil, now: 1)
        #expect(pool.status == PoolStatus(open: 1, busy: 0, maximum: 3, waiting: 2))
        pool.closed(1, .connectionLost("gone"), now: 1)
        #expect(pool.status == PoolStatus(open: 0, busy: 0, maximum: 3, waiting: 2))
    }

    @Test func `Point reads that wait are the next group`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        pool.enqueue(Self.request(Self.point).0)
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        for _ in 0..<40 { pool.enqueue(Self.request(Self.point).0) }
        #expect(Self.next(&pool, now: 0).isEmpty)
        #expect(pool.isBusy(now: 0))
        pool.ended(1, nil, now: 1)
        #expect(Self.next(&pool, now: 1) == ["send 32 on 1"])
        pool.ended(1, nil, now: 2)
        // None of the group had an answer, so each is sent again by itself; those that waited take turns with them.
        #expect(Self.next(&pool, now: 2) == ["send 1 on 1"])
        pool.ended(1, nil, now: 3)
        #expect(Self.next(&pool, now: 3) == ["send 8 on 1"])
    }

    @Test func `Point reads and others take turns`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        for _ in 0..<40 { pool.enqueue(Self.request(Self.point).0) }
        for _ in 0..<2 { pool.enqueue(Self.request(Self.list).0) }
        var sent: [String] = []
        for step in 0..<4 {
            sent += Self.next(&pool, now: Int64(step))
            answerAll(&pool, now: Int64(step))
        }
        #expect(sent == ["send 32 on 1", "send 1 on 1", "send 8 on 1", "send 1 on 1"])
        #expect(pool.isIdle)
    }

    @Test func `Point reads stay on the usual connections, others spread`() {
        var pool = Self.pool(usual: 1, maximum: 2)
        for _ in 0..<2 { pool.enqueue(Self.request(Self.list).0) }
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        #expect(Self.next(&pool, now: Self.slow) == ["open 2"])
        pool.opened(2, now: Self.slow)
        pool.ended(1, nil, now: Self.slow)
        for _ in 0..<2 { pool.enqueue(Self.request(Self.list).0) }
        #expect(Self.next(&pool, now: Self.slow) == ["send 1 on 1", "send 1 on 2"])
        answerAll(&pool, now: Self.slow)
        #expect(Self.next(&pool, now: Self.slow) == ["send 1 on 1"])
        pool.enqueue(Self.request(Self.point).0)
        #expect(Self.next(&pool, now: Self.slow).isEmpty)
    }

    @Test func `A read that would wait for a slow one gets another connection, up to the maximum`() {
        var pool = Self.pool(usual: 1, maximum: 2)
        for _ in 0..<3 { pool.enqueue(Self.request(Self.point).0) }
        #expect(Self.next(&pool, now: 0) == ["send 3 on 1"])
        pool.enqueue(Self.request(Self.point).0)
        #expect(Self.next(&pool, now: PoolLimits.slow).isEmpty)
        #expect(!pool.isBusy(now: Self.slow))
        #expect(Self.next(&pool, now: Self.slow) == ["open 2"])
        #expect(Self.next(&pool, now: Self.slow).isEmpty)
        pool.opened(2, now: Self.slow)
        #expect(Self.next(&pool, now: Self.slow) == ["send 1 on 2"])
        pool.enqueue(Self.request(Self.point).0)
        #expect(Self.next(&pool, now: 3 * Self.slow).isEmpty)
        pool.ended(2, nil, now: 3 * Self.slow)
        #expect(Self.next(&pool, now: 3 * Self.slow) == ["send 1 on 2"])
    }

    @Test func `Reads wait out a slow reconnection, and a short outage once an attempt has failed`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        pool.closed(1, .connectionLost("killed"), now: 0)
        let (request, answer) = Self.request(Self.point)
        pool.enqueue(request)
        _ = Self.next(&pool, now: PoolLimits.tick)
        #expect(Self.next(&pool, now: .milliseconds(200)) == ["open 2"])
        #expect(Self.next(&pool, now: PoolLimits.firstAttempt - 1).isEmpty)
        #expect(answer.text == "none")
        pool.closed(2, .connectionLost("refused"), now: PoolLimits.firstAttempt - 1)
        _ = Self.next(&pool, now: PoolLimits.firstAttempt - 1)
        #expect(answer.text.contains("refused"))
    }

    @Test func `A statement whose caller has gone is cancelled once it is slow, and its connection replaced`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        let (request, answer) = Self.request(Self.list)
        pool.enqueue(request)
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        request.cancel()
        #expect(answer.text == "cancelled")
        #expect(Self.next(&pool, now: PoolLimits.slow).isEmpty)
        #expect(Self.next(&pool, now: 2 * PoolLimits.slow) == ["cancel 1"])
        pool.enqueue(Self.request(Self.list).0)
        #expect(Self.next(&pool, now: 3 * PoolLimits.slow).isEmpty)
        pool.ended(1, .server(ServerError(sqlState: "57014", message: "")), now: 4 * PoolLimits.slow)
        #expect(Self.next(&pool, now: 4 * PoolLimits.slow) == ["close 1"])
        pool.closed(1, .closed, now: 4 * PoolLimits.slow)
        #expect(Self.next(&pool, now: 4 * PoolLimits.slow) == ["open 2"])
        pool.opened(2, now: 5 * PoolLimits.slow)
        #expect(Self.next(&pool, now: 5 * PoolLimits.slow) == ["send 1 on 2"])
    }

    @Test func `A group is not cancelled while one of it is waited for`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        let (gone, _) = Self.request(Self.point)
        let (late, answer) = Self.request(Self.point, deadline: .milliseconds(100))
        pool.enqueue(gone)
        pool.enqueue(late)
        #expect(Self.next(&pool, now: 0) == ["send 2 on 1"])
        gone.cancel()
        #expect(Self.next(&pool, now: .milliseconds(90)).isEmpty)
        #expect(answer.text == "none")
        #expect(Self.next(&pool, now: .milliseconds(100)) == ["cancel 1"])
        #expect(answer.text == "deadline exceeded")
    }

    @Test func `A connection whose cancelled statement does not end is given up`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        let (request, _) = Self.request(Self.list)
        pool.enqueue(request)
        _ = Self.next(&pool, now: 0)
        request.cancel()
        #expect(Self.next(&pool, now: .milliseconds(20)) == ["cancel 1"])
        #expect(Self.next(&pool, now: .milliseconds(20) + PoolLimits.cancellation).isEmpty)
        #expect(Self.next(&pool, now: .milliseconds(30) + PoolLimits.cancellation) == ["close 1"])
    }

    @Test func `A read whose caller went before the loop took it is not sent`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        let request = PoolRequest(Self.list, [.int8(1)], deadline: .max)
        request.onAnswer { _ in }
        request.cancel()
        #expect(!request.isAnswered)
        request.take()
        #expect(request.isAnswered)
        pool.enqueue(request)
        #expect(pool.isIdle)
        #expect(Self.next(&pool, now: 0).isEmpty)
    }

    @Test func `A read is sent again when its connection is lost, but not a third time`() {
        var pool = Self.pool(usual: 2, maximum: 2)
        let (request, answer) = Self.request(Self.point)
        pool.enqueue(request)
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        pool.closed(1, .connectionLost("first"), now: 0)
        #expect(Self.next(&pool, now: 0) == ["send 1 on 2"])
        pool.closed(2, .connectionLost("second"), now: 0)
        #expect(answer.text == "connection lost: second")
        #expect(pool.isIdle)
    }

    @Test func `A read whose plan became invalid is sent again once`() {
        var pool = Self.pool(usual: 1, maximum: 1)
        let (request, answer) = Self.request(Self.list)
        pool.enqueue(request)
        let invalid = PostgresError.server(ServerError(sqlState: "26000", message: "no such statement"))
        for _ in 0..<2 {
            #expect(answer.text == "none")
            #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
            pool.ended(1, invalid, now: 0)
        }
        #expect(answer.text == "26000: no such statement")
    }

    @Test func `A surplus connection is closed under light traffic`() {
        var pool = Self.pool(usual: 1, maximum: 2)
        for _ in 0..<2 { pool.enqueue(Self.request(Self.list).0) }
        #expect(Self.next(&pool, now: 0) == ["send 1 on 1"])
        #expect(Self.next(&pool, now: Self.slow) == ["open 2"])
        pool.opened(2, now: 0)
        #expect(Self.next(&pool, now: Self.slow) == ["send 1 on 2"])
        answerAll(&pool, now: 0)
        for second in 1...31 {
            let now = Nanoseconds.milliseconds(Int64(second) * 1000)
            // The first connection answers a read every second.
            pool.enqueue(Self.request(Self.list).0)
            #expect(Self.next(&pool, now: now) == ["send 1 on 1"] + (second == 30 ? ["close 2"] : []))
            if second == 30 { pool.closed(2, .closed, now: now) }
            answerAll(&pool, now: now)
            #expect(Self.next(&pool, now: now).isEmpty)
        }
        #expect(Self.next(&pool, now: .milliseconds(40_000)).isEmpty)
        #expect(pool.wakeAt(now: .milliseconds(40_000)) == .max)
    }

    @Test func `Without a connection for a second, reads fail`() {
        var pool = PoolState(usual: 1, maximum: 1)
        let (early, answer) = Self.request(Self.list)
        pool.enqueue(early)
        #expect(Self.next(&pool, now: 10 * PoolLimits.outage).isEmpty)
        pool.start(now: 10 * PoolLimits.outage)
        #expect(Self.next(&pool, now: 10 * PoolLimits.outage) == ["open 1"])
        pool.closed(1, .unavailable("refused"), now: 10 * PoolLimits.outage)
        #expect(answer.text == "none")
        _ = Self.next(&pool, now: 11 * PoolLimits.outage)
        #expect(answer.text == "no connection to be had: refused")
    }

    /// The server answers all that is under way.
    private func answerAll(_ pool: inout PoolState, now: Nanoseconds) {
        for member in pool.members {
            guard case .busy(let requests, _) = member.phase else { continue }
            for request in requests { request.answer(.failure(.closed)) }
            pool.ended(member.number, nil, now: now)
        }
    }
}
