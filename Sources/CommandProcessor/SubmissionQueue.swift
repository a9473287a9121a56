import EventSourcing
import Synchronization

/// Commands that arrive while a batch is under way: they are the next batch.
final class SubmissionQueue<Payload: EventPayload>: Sendable {
    private struct State {
        var waiting: [any Submission<Payload>] = []
        var reader: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// How many commands wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Adds a command; `false` if the queue is closed.
    func add(_ submission: any Submission<Payload>) -> Bool {
        let (accepted, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed else { return (false, nil) }
            state.waiting.append(submission)
            return (true, state.reader.take())
        }
        reader?.resume()
        return accepted
    }

    /// The next batch, of `limit` commands at most; `nil` when the queue is closed and empty.
    nonisolated(nonsending) func next(limit: Int) async -> [any Submission<Payload>]? {
        while true {
            let batch = state.withLock { state -> [any Submission<Payload>]? in
                guard !state.waiting.isEmpty else { return state.isClosed ? [] : nil }
                let batch = Array(state.waiting.prefix(limit))
                state.waiting.removeFirst(batch.count)
                return batch
            }
            if let batch { return batch.isEmpty ? nil : batch }
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    guard state.waiting.isEmpty, !state.isClosed else { return true }
                    state.reader = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        }
    }

    /// Takes all that wait out of the queue.
    func takeWaiting() -> [any Submission<Payload>] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Closes the queue; what waits is still carried out.
    func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            return state.reader.take()
        }
        reader?.resume()
    }
}
