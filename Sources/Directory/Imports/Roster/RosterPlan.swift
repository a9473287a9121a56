import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What a roster would change, decided by the rules of requests without changing anything.
public struct RosterPlan: Sendable {
    /// A person that a row changes.
    public struct Person: Sendable {
        public let line: Int
        public let name: String
        public let email: String
        /// What happens to them, in order.
        public let events: [DirectoryEvent]

        public var isNew: Bool { events.contains(where: \.isCreation) }
    }

    /// A group that is made.
    public struct NewGroup: Sendable {
        /// The first line that names it.
        public let line: Int
        public let name: String
    }

    /// What to carry out, in an order in which the rules allow it.
    public let lines: [ImportLine]
    public let people: [Person]
    public let groups: [NewGroup]
    /// How many rows change nothing.
    public let unchanged: Int
    /// What is wrong with rows; those rows are left out of everything else.
    public let faults: [RosterFault]
    /// The names of the people and groups that `people` refer to.
    public let names: [UUID: String]
}

extension RosterFile {
    /// Finds out what the roster would change.
    /// - Throws: `Missing`, or a refusal where nothing at all can be imported into the target.
    public func plan(for target: StartImport.Target, _ view: View, at now: Instant) throws -> RosterPlan {
        let start = StartImport(RosterAttempt.importID, of: record, into: target)
        var faults = faults
        while true {
            // A row that names a refused one may have to be refused too.
            let refused = Set(faults.map(\.line))
            var draft = Draft(over: view)
            let (beginning, organization) = try start.decide(draft.view, at: now)
            try draft.add(beginning.events)
            var attempt = RosterAttempt(self, ImportState(draft, organization))
            try attempt.carryOut(rows.filter { !refused.contains($0.line) })
            guard !attempt.faults.isEmpty else {
                return try attempt.plan(faults.sorted { $0.line < $1.line })
            }
            faults += attempt.faults
        }
    }
}
