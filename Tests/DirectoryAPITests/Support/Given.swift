import DirectoryEvents
import EventSourcing

@testable import DirectoryAPI

/// Appends events that no rule has decided: what a test starts from.
struct Given: Command {
    let events: [(event: DirectoryEvent, effectiveAt: Instant?)]

    init(_ events: [(event: DirectoryEvent, effectiveAt: Instant?)]) { self.events = events }

    var loads: [Load] { [] }

    func decide(_ view: View, at now: Instant) -> (Decision<DirectoryEvent>, Void) {
        (Decision(events.map { Proposed($0.event, effectiveAt: $0.effectiveAt) }, by: .system), ())
    }

    func respond(_ view: View, _ outcome: Outcome, _ memo: Void) -> Position { outcome.last }
}

extension Server {
    /// Appends events as they are, many at a time.
    func given(_ events: [DirectoryEvent]) async throws { try await given(events.map { ($0, nil) }) }

    /// Appends events that took effect at times of their own.
    func given(_ events: [(DirectoryEvent, Instant?)]) async throws {
        for start in stride(from: 0, to: events.count, by: 2000) {
            let batch = events[start..<min(start + 2000, events.count)]
            _ = try await service.processor.submit(Given(batch.map { (event: $0.0, effectiveAt: $0.1) }))
        }
    }
}
