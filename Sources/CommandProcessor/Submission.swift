import EventSourcing

/// A command on its way, with the caller who waits for it.
protocol Submission<Payload>: Sendable {
    associatedtype Payload: EventPayload

    var loads: [Load] { get }
    func decide(_ view: View, at now: Instant) throws -> Decided<Payload>
    func fail(_ error: any Error)
}

/// What a command decided, and how its response is prepared once its events are folded.
struct Decided<Payload: EventPayload> {
    let decision: Decision<Payload>
    /// Prepares the response; the caller gets it when the returned closure is called.
    let respond: (View, Outcome) throws -> @Sendable () -> Void
}

/// A command and the continuation of its caller.
struct Ticket<C: Command>: Submission {
    let command: C
    let caller: CheckedContinuation<C.Response, any Error>

    var loads: [Load] { command.loads }

    func decide(_ view: View, at now: Instant) throws -> Decided<C.Payload> {
        let (decision, memo) = try command.decide(view, at: now)
        return Decided(decision: decision) { view, outcome in
            let response = try command.respond(view, outcome, memo)
            return { [caller] in caller.resume(returning: response) }
        }
    }

    func fail(_ error: any Error) { caller.resume(throwing: error) }
}
