import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An organization whose past is lopsided: all memberships that have ended were of one group or one employee, and all reporting
/// lines that have ended were to one manager. What a planner knows of such a past is that every row is of the same one.
struct LopsidedCompany {
    static let size = 2_000
    private static let ended = 5_000

    let organization = LopsidedCompany.id(1, 0)
    let owner = LopsidedCompany.id(2, 0)
    let people = (0..<LopsidedCompany.size).map { LopsidedCompany.id(3, $0) }
    /// A tree, five wide; people are in its leaves.
    let groups = (0..<781).map { LopsidedCompany.id(4, $0) }

    /// How many memberships there are below the first group.
    static let below = size + 780

    /// Whose past is everybody's.
    enum Side { case ofGroup, ofMember }

    private static func id(_ kind: UInt64, _ number: Int) -> UUID {
        UUID(high: 0x019A_0000_0000_7000 | kind, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    func events(_ side: Side) -> [DirectoryEvent] {
        var events: [DirectoryEvent] = [
            .account(owner, organization: nil, .created(email: "owner@lopsided.example", name: nil)),
            .organization(organization, .created(name: "Lopsided", alias: "lopsided")),
            .account(owner, organization: organization, .roleGranted(role: "OWNER", employee: nil)),
        ]
        for (number, person) in people.enumerated() {
            events.append(
                .employee(
                    person, organization: organization,
                    .created(
                        name: Erasable("P \(number)"), email: Erasable("p\(number)@lopsided.example"), role: nil,
                        type: "EMPLOYEE", account: nil)))
        }
        for (number, person) in people.enumerated().dropFirst() {
            events.append(line(person, .managerAssigned(people[(number - 1) / 8], type: "DIRECT")))
        }
        events += groups.map { .group($0, organization: organization, .created(name: "G", type: "TEAM")) }
        for number in 1...780 {
            events.append(change(.group, groups[number], .joined(groups[(number - 1) / 5], type: "MEMBER")))
        }
        for (number, person) in people.enumerated() {
            events.append(change(.employee, person, .joined(groups[156 + number % 625], type: "MEMBER")))
        }
        // The last one reports to somebody and has no reports; person 7 is in one group.
        let last = people[Self.size - 1], home = 156 + 7
        for number in 0..<Self.ended {
            let person = side == .ofMember ? people[7] : people[number % Self.size]
            let group = side == .ofGroup ? groups[0] : groups[number % home]
            events.append(change(.employee, person, .joined(group, type: "MEMBER")))
            events.append(change(.employee, person, .left(group, type: "MEMBER")))
            let (report, manager) =
                side == .ofMember ? (last, people[number % 100]) : (people[number % (Self.size - 1)], last)
            events.append(line(report, .managerAssigned(manager, type: "DOTTED_LINE")))
            events.append(line(report, .managerRemoved(manager, type: "DOTTED_LINE")))
        }
        return events
    }

    private func line(_ employee: UUID, _ event: EmployeeEvent) -> DirectoryEvent {
        .employee(employee, organization: organization, event)
    }

    private func change(_ kind: EntityKind, _ member: UUID, _ event: MembershipEvent) -> DirectoryEvent {
        .membership(EntityReference(kind, member), organization: organization, event)
    }
}
