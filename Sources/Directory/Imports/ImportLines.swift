import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupsProjection
import OrganizationsProjection

/// Carries out a run of lines, all or none, each on the state that those before it leave.
public struct ImportLines: Command {
    /// How many lines to carry out in one command: few enough for the events of one append, many enough for one flush.
    public static let most = 500

    private let lines: [ImportLine]
    private let `import`: UUID
    private let organization: UUID
    private let newIDs: [UUID]

    /// A run of lines.
    /// - Parameters:
    ///   - import: the import that was started.
    ///   - now: the moment recorded in new ids.
    public init(_ lines: some Sequence<ImportLine>, of import: UUID, into organization: UUID, now: Instant) {
        self.lines = Array(lines)
        self.import = `import`
        self.organization = organization
        newIDs = self.lines.map { _ in .version7(at: now) }
    }

    public var loads: [Load] { [.row(Organizations.self, organization)] + lines.flatMap { $0.loads(in: organization) } }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Int) {
        var draft = Draft(over: view)
        try carryOut(on: &draft)
        return (Decision(draft.events, by: .system), draft.events.count)
    }

    /// Adds the events of all lines to a draft.
    func carryOut(on draft: inout Draft) throws {
        var state = ImportState(draft, organization)
        // One pass finds what all lines miss: were the first miss thrown, each would cost the run another pass and a round trip.
        var missing: [Load] = []
        for (line, id) in zip(lines, newIDs) {
            do {
                try state.carryOut(line, of: `import`, new: id)
            } catch let more as Missing {
                missing += more.loads
            } catch let refusal as Refusal {
                // After a line that could not be carried out the state is not what it will be, and neither are refusals.
                guard !missing.isEmpty else { throw RefusedLine(line: line.number, refusal: refusal) }
            }
        }
        guard missing.isEmpty else { throw Missing(missing) }
        if state.events.count > draft.events.count { try state.view.checkActive(organization) }
        draft = state.draft
    }

    /// How many events it took.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: Int) throws -> Int { memo }
}

/// A line that a rule refuses.
public struct RefusedLine: Error, CustomStringConvertible {
    /// The line's number.
    public let line: Int
    /// Why.
    public let refusal: Refusal

    public var description: String { "line \(line): \(refusal.detail)" }
}

extension ImportLine {
    /// What is certain to be read to carry it out.
    func loads(in organization: UUID) -> [Load] {
        addresses.map { .lookup(Employees.byEmail, [.uuid(organization), .text(SearchText.emailKey($0))]) }
            + groups.map { .lookup(Groups.byName, [.uuid(organization), .text(SearchText.caseless($0))]) }
    }
}
