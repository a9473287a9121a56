import EventSourcing

/// A command on its way, with the caller who waits for it.
protocol Submission<Payload>: Sendable {
    associatedtype Payload: EventPayload

    var loads: [Load] { get }
    func decide(_ view: View, at now: Instant) throws -> Decision<Payload>
    /// Prepares the answer; the caller gets it when the returned closure is called.
    func answer(_ view: View, _ outcome: Outcome) throws -> @Sendable () -> Void
    func fail(_ error: any Error)
}

/// A command and the continuation of its caller.
struct Ticket<C: Command>: Submission {
    let command: C
    let caller: CheckedContinuation<C.Answer, any Error>

    var loads: [Load] { command.loads }

    func decide(_ view: View, at now: Instant) throws -> Decision<C.Payload> { try command.decide(view, at: now) }

    func answer(_ view: View, _ outcome: Outcome) throws -> @Sendable () -> Void {
        let answer = try command.answer(view, outcome)
        return { [caller] in caller.resume(returning: answer) }
    }

    func fail(_ error: any Error) { caller.resume(throwing: error) }
}
