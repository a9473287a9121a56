import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Makes a small organization to look around in: people, profiles, reporting lines of two types.
///
/// Meant for a log that holds nothing but the bootstrap; whoever submits it sees to that. Where the alias `acme` is taken it
/// changes nothing, so that a second one does no harm.
public struct CreateDemonstration: Command {
    private let owner: UUID
    private let organization: UUID
    private let ids: [UUID]

    /// A demonstration owned by an account.
    /// - Parameter now: the moment recorded in the new ids.
    public init(owner: UUID, now: Instant) {
        self.owner = owner
        organization = .version7(at: now)
        ids = DemonstrationPeople.all.map { _ in .version7(at: now) }
    }

    public var loads: [Load] { [.lookup(Organizations.byAlias, [.text(DemonstrationPeople.alias)])] }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, UUID?) {
        guard try view.keys(Organizations.byAlias, [.text(DemonstrationPeople.alias)]).isEmpty else {
            return (Decision([], by: .system), nil)
        }
        var events: [DirectoryEvent] = [
            .organization(
                organization,
                .created(
                    name: Erasable(DemonstrationPeople.name), alias: Erasable(DemonstrationPeople.alias))),
            .owned(organization, by: owner),
            .organization(organization, .profileChanged(DemonstrationPeople.profile.asChanges)),
        ]
        for (id, person) in zip(ids, DemonstrationPeople.all) {
            let created = EmployeeEvent.created(
                name: Erasable(person.name), email: Erasable(person.email), role: Erasable(person.role),
                type: DefaultType.employee, account: nil)
            let lines = person.lines.compactMap { manager, type in
                DemonstrationPeople.index(of: manager).map { EmployeeEvent.managerAssigned(ids[$0], type: type) }
            }
            events += [
                .employee(id, organization: organization, created),
                .employee(id, organization: organization, .profileChanged(person.profile.asChanges)),
            ]
            events += lines.map { .employee(id, organization: organization, $0) }
        }
        return (Decision(events.map { Proposed($0) }, by: .system), organization)
    }

    /// The organization; `nil` where there was one.
    public func respond(_ view: View, _ outcome: Outcome, _ finding: UUID?) throws -> UUID? { finding }
}

extension [(String, String)] {
    fileprivate var asChanges: [ProfileChange] { map { ProfileChange($0, from: nil, to: $1) } }
}
