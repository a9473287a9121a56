import CanonicalJSON
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupsProjection
import OrganizationsProjection

/// Makes an organization to look around in, in one append: a hundred people over four levels, nested groups, two years of imported
/// history, an app with what people are in it, and two accounts besides the owner's, an auditor's and an administrator's.
///
/// Meant for a log that holds nothing but the bootstrap; whoever submits it sees to that. Where the alias `acme` is taken it
/// changes nothing, so that a second one does no harm.
public struct CreateDemonstration: Command {
    private let ownerEmail: String
    private let file: HistoryFile
    private let start: StartImport
    private let lines: ImportLines
    private let `import`: UUID
    private let organization: UUID
    private let app: UUID
    /// Ids for what is made besides.
    private let spare: [UUID]

    /// A demonstration owned by the account of an address.
    /// - Parameter now: its history ends a few days before, and new ids record it.
    /// - Throws: `HistoryError`, where the history is not in order.
    public init(ownerEmail: String, now: Instant) throws(HistoryError) {
        self.ownerEmail = ownerEmail
        file = try HistoryFile(parsing: DemonstrationHistory.file(endingBefore: now), now: now)
        `import` = .version7(at: now)
        organization = .version7(at: now)
        app = .version7(at: now)
        start = StartImport(
            `import`, of: file.record,
            into: .new(
                organization, name: DemonstrationPeople.name, ownerEmail: ownerEmail, ownerID: .version7(at: now)))
        lines = ImportLines(file.lines, of: `import`, into: organization, now: now)
        spare = (0..<64).map { _ in .version7(at: now) }
    }

    public var loads: [Load] {
        [.lookup(Organizations.byAlias, [.text(DemonstrationPeople.alias)]), .account(email: ownerEmail)]
            + DemonstrationAccounts.all.map { .account(email: $0.email) } + lines.loads
    }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, UUID?) {
        guard try view.keys(Organizations.byAlias, [.text(DemonstrationPeople.alias)]).isEmpty else {
            return (Decision([], by: .system), nil)
        }
        var draft = Draft(over: view)
        try draft.add(try start.decide(draft.view, at: now).0.events)
        try lines.carryOut(on: &draft)
        let end = EndImport.completed(`import`, of: file.record, in: organization)
        try draft.add(try end.decide(draft.view, at: now).0.events)
        let today = DemonstrationToday(organization: organization, app: app, spare: spare)
        for event in try today.events(draft.view) { try draft.add([Proposed(event)]) }
        return (Decision(draft.events, by: .system), organization)
    }

    /// The organization; `nil` where there was one.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: UUID?) throws -> UUID? { memo }
}
