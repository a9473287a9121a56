import Testing

@testable import Postgres

@Suite struct PipelineStateTests {
    let a: Statement = "SELECT 1"
    let b: Statement = "SELECT 2"

    /// A state on which the statement is prepared.
    func prepared(_ statement: Statement) -> PipelineState {
        var state = PipelineState()
        _ = state.willExecute(statement)
        state.willSync()
        for arrival in [PipelineState.Arrival.success, .end, .success, .end, .sync] { _ = state.received(arrival) }
        return state
    }

    @Test func `The first use prepares and the second does not`() {
        var state = PipelineState()
        #expect(state.isEmpty)
        #expect(state.willExecute(a) == (1, true))
        #expect(state.willExecute(a) == (1, false))
        #expect(state.willExecute(b) == (2, true))
        state.willSync()
        #expect(state.received(.success) == .nothing)
        #expect(state.received(.end) == .nothing)
        for step in 0..<2 {
            #expect(state.received(.success) == .deliver(step: step))
            #expect(state.received(.end) == .nothing)
        }
        #expect(state.received(.success) == .nothing)
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.success) == .deliver(step: 2))
        #expect(state.received(.end) == .nothing)
        #expect(!state.isEmpty)
        #expect(state.received(.sync) == .finishUnit)
        #expect(state.isEmpty)
        #expect(state.willExecute(a) == (1, false))
    }

    @Test func `An error belongs to its step and the rest is skipped`() {
        var state = prepared(a)
        for _ in 0..<3 { _ = state.willExecute(a) }
        state.willSync()
        #expect(state.received(.success) == .deliver(step: 0))
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.failure(invalidatesPlan: false)) == .fail(step: 1))
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.aborted) == .nothing)
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.sync) == .finishUnit)
        #expect(state.willExecute(a) == (1, false))
    }

    @Test func `A failed preparation is forgotten`() {
        var state = PipelineState()
        _ = state.willExecute(a)
        state.willSync()
        #expect(state.received(.failure(invalidatesPlan: false)) == .fail(step: 0))
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.aborted) == .nothing)
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.sync) == .finishUnit)
        #expect(state.willExecute(a) == (2, true))
    }

    @Test func `A skipped preparation is forgotten`() {
        var state = prepared(a)
        _ = state.willExecute(a)
        _ = state.willExecute(b)
        state.willSync()
        #expect(state.received(.failure(invalidatesPlan: false)) == .fail(step: 0))
        for arrival in [PipelineState.Arrival.end, .aborted, .end, .aborted, .end] {
            #expect(state.received(arrival) == .nothing)
        }
        #expect(state.received(.sync) == .finishUnit)
        #expect(state.willExecute(b) == (3, true))
    }

    @Test func `A later error does not forget a newer name`() {
        var state = PipelineState()
        for _ in 0..<2 {
            _ = state.willExecute(a)
            state.willSync()
        }
        // The preparation fails, so the second unit uses a name that does not exist.
        _ = state.received(.failure(invalidatesPlan: false))
        for arrival in [PipelineState.Arrival.end, .aborted, .end, .sync] { _ = state.received(arrival) }
        #expect(state.willExecute(a) == (2, true))
        state.willSync()
        #expect(state.received(.failure(invalidatesPlan: true)) == .failAndDeallocate(step: 0, number: 1))
        #expect(state.willExecute(a) == (2, false))
    }

    @Test func `An invalid plan is deallocated and prepared again`() {
        var state = prepared(a)
        _ = state.willExecute(a)
        state.willSync()
        #expect(state.received(.failure(invalidatesPlan: true)) == .failAndDeallocate(step: 0, number: 1))
        #expect(state.willExecute(a) == (2, true))
    }

    @Test func `An error at the sync belongs to no step`() {
        var state = prepared(a)
        _ = state.willExecute(a)
        state.willSync()
        #expect(state.received(.success) == .deliver(step: 0))
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.failure(invalidatesPlan: false)) == .fail(step: nil))
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.sync) == .finishUnit)
    }

    /// As libpq does when the connection is lost: if it were ignored, libpq would be asked again for ever.
    @Test func `A null instead of the sync is a violation`() {
        var state = prepared(a)
        _ = state.willExecute(a)
        state.willSync()
        _ = state.received(.success)
        _ = state.received(.end)
        #expect(state.received(.end) == .violation)
    }

    @Test func `A failure of an unnamed statement invalidates no plan`() {
        var state = prepared(a)
        state.willRunOnce()
        state.willSync()
        #expect(state.received(.failure(invalidatesPlan: true)) == .nothing)
        #expect(state.received(.end) == .nothing)
        #expect(state.received(.sync) == .finishUnit)
        #expect(state.willExecute(a) == (1, false))
    }

    @Test func `Results of units do not mix`() {
        var state = prepared(a)
        for _ in 0..<100 {
            _ = state.willExecute(a)
            state.willSync()
        }
        for number in 0..<100 {
            let fails = number % 7 == 0
            let action = state.received(fails ? .failure(invalidatesPlan: false) : .success)
            #expect(action == (fails ? .fail(step: 0) : .deliver(step: 0)))
            #expect(state.received(.end) == .nothing)
            #expect(state.received(.sync) == .finishUnit)
        }
        #expect(state.isEmpty)
    }

    @Test func `A result that was not requested is a violation`() {
        var state = PipelineState()
        #expect(state.received(.success) == .violation)
        _ = state.willExecute(a)
        state.willSync()
        #expect(state.received(.end) == .violation)
        #expect(state.received(.sync) == .violation)
        for arrival in [PipelineState.Arrival.success, .end, .success, .end] { _ = state.received(arrival) }
        #expect(state.received(.success) == .violation)
    }
}
