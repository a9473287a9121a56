import Directory
import EventLog
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// Who is woken by which event.
@Suite struct FeedStateTests {
    private let one = UUID(high: 0, low: 1), two = UUID(high: 0, low: 2), reader = UUID(high: 0, low: 3)
    private let never = ContinuousClock.now + .seconds(3600)

    private func mark(
        _ position: Position, in organization: UUID? = nil, stream: UUID = UUID(high: 9, low: 9),
        related: UUID? = nil, type: String = "employee.renamed", actor: UUID? = nil
    ) -> EventMark {
        EventMark(
            position: position, type: type, organization: organization, stream: stream, related: related, actor: actor)
    }

    private func interest(_ change: (inout AuditFilter) -> Void = { _ in }) -> FeedInterest {
        var filter = AuditFilter()
        change(&filter)
        return FeedInterest(filter, Caller(.id(reader)), account: reader)
    }

    private func state(memory: Int = 1024, after position: Position = 10) -> FeedState<Int> {
        var state = FeedState<Int>(memory: memory)
        let (hasStarted, startsAgain) = (state.start(after: position), state.start(after: 0))
        #expect(hasStarted && !startsAgain)
        return state
    }

    @Test func `An event wakes the streams that it concerns, each once`() {
        var state = state()
        for (id, organization) in [(1, one), (2, two)] {
            let interest = interest { $0.organization = organization }
            #expect(state.wait(id, id: id, for: interest, after: 10, due: never) == nil)
        }
        #expect(state.wait(3, id: 3, for: interest(), after: 10, due: never) == nil)
        #expect(Set(state.take(mark(11, in: one))) == [1, 3])
        #expect(state.take(mark(12, in: one)) == [])
        #expect(state.take(mark(13, in: two)) == [2])
        #expect(state.head == 13)
    }

    @Test func `An event that a stream has seen does not wake it, and one that it has missed lets it not wait`() {
        var state = state()
        #expect(state.wait(1, id: 1, for: interest(), after: 12, due: never) == nil)
        #expect(state.take(mark(11)) == [] && state.take(mark(12)) == [])
        #expect(state.take(mark(13)) == [1])
        let narrow = interest { $0.organization = two }
        #expect(state.wait(1, id: 1, for: interest(), after: 12, due: never) == .events)
        #expect(state.wait(2, id: 2, for: narrow, after: 10, due: never) == nil, "none of them concerned it")
    }

    @Test func `What is not remembered any longer may have concerned a stream`() {
        var state = state(memory: 2)
        let narrow = interest { $0.organization = two }
        for position in 11...14 as ClosedRange<Position> { #expect(state.take(mark(position, in: one)) == []) }
        #expect(state.wait(1, id: 1, for: narrow, after: 11, due: never) == .events)
        #expect(state.wait(1, id: 1, for: narrow, after: 12, due: never) == nil)
    }

    @Test func `Events are taken in order, and none twice`() {
        var state = state()
        #expect(state.wait(1, id: 1, for: interest(), after: 10, due: never) == nil)
        #expect(state.take(mark(12)) == [] && state.head == 10)
        #expect(state.take(mark(10)) == [] && state.head == 10)
        #expect(state.take(mark(11)) == [1])
    }

    @Test func `Who has waited for long is woken, and so is everybody at the end`() {
        var state = state()
        let now = ContinuousClock.now
        #expect(state.wait(1, id: 1, for: interest(), after: 10, due: now) == nil)
        #expect(state.wait(2, id: 2, for: interest { $0.entity = one }, after: 10, due: never) == nil)
        #expect(state.overdue(now) == [1] && state.overdue(now) == [])
        #expect(state.end() == [2])
        #expect(state.wait(3, id: 3, for: interest(), after: 10, due: never) == .end)
    }

    @Test func `An interest takes in all that its filter finds, and what happens to its reader`() {
        let employee = UUID(high: 0, low: 5)
        let cases: [(FeedInterest, EventMark, Bool)] = [
            (interest(), mark(1), true),
            (interest { $0.organization = one }, mark(1, in: one), true),
            (interest { $0.organization = one }, mark(1, in: two), false),
            (interest { $0.entity = employee }, mark(1, stream: employee), true),
            (interest { $0.entity = employee }, mark(1, related: employee), true),
            (interest { $0.entity = one }, mark(1, in: one), true),
            (interest { $0.entity = employee }, mark(1, in: one), false),
            (interest { $0.type = "employee.*" }, mark(1), true),
            (interest { $0.type = "employee.*" }, mark(1, type: "employees.renamed"), false),
            (interest { $0.type = "employee.renamed" }, mark(1), true),
            (interest { $0.type = "employee.renamed" }, mark(1, type: "employee.moved"), false),
            (interest { $0.actor = .account(one) }, mark(1, actor: one), true),
            (interest { $0.actor = .account(one) }, mark(1, actor: two), false),
            (interest { $0.actor = .system }, mark(1), true),
            (interest { $0.organization = one }, mark(1, in: two, stream: reader), true),
        ]
        for (number, (interest, mark, isConcerned)) in cases.enumerated() {
            #expect(interest.concerns(mark) == isConcerned, "case \(number)")
            guard isConcerned, let mentioned = interest.mentioned else { continue }
            #expect(mark.mentions.contains { mentioned.contains($0) }, "case \(number)")
        }
        let key = Caller.Key(two, limitedTo: .auditor)
        let keyed = FeedInterest(
            AuditFilter(), Caller(.id(reader), claimedOrganization: one, key: key), account: reader)
        #expect(keyed.concerns(mark(1, related: two)) && keyed.concerns(mark(1, in: one)))
        #expect(!keyed.concerns(mark(1, in: UUID(high: 0, low: 7))))
    }
}
