import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport

/// An organization of 20,000 people with a past: a tree eight wide, a chain of 1,000, a manager with 1,000 reports, leavers
/// whose reports still have a line to them, accounts with grants, and as many changes as people.
struct LargeCompany {
    static let size = 20_000

    let organization = LargeCompany.id(1, 0)
    let owner = LargeCompany.id(2, 0)
    let people = (0..<LargeCompany.size).map { LargeCompany.id(3, $0) }
    let accounts = (1...3_000).map { LargeCompany.id(2, $0) }

    /// The top of the tree and of the chain.
    var root: UUID { people[0] }
    /// The manager with 1,000 direct reports.
    var hub: UUID { people[1] }
    /// The end of the chain.
    var lowest: UUID { people[18_999] }

    private static func id(_ kind: UInt64, _ number: Int) -> UUID {
        UUID(high: 0x0199_0000_0000_7000 | kind, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    var events: [DirectoryEvent] {
        var events: [DirectoryEvent] = [
            .account(owner, organization: nil, .created(email: "owner@large.example", name: nil)),
            .organization(organization, .created(name: "Large", alias: "large")),
            .account(owner, organization: organization, .roleGranted(role: "OWNER", employee: nil)),
        ]
        for (number, account) in accounts.enumerated() {
            events.append(.account(account, organization: nil, .created(email: "a\(number)@large.example", name: nil)))
            let role = number.isMultiple(of: 10) ? "ADMIN" : "AUDITOR"
            events.append(.account(account, organization: organization, .roleGranted(role: role, employee: nil)))
        }
        events += people.indices.map { happened($0, created($0)) }
        events += people.indices.dropFirst().map { happened($0, .managerAssigned(manager(of: $0), type: "DIRECT")) }
        events += people.indices.map { happened($0, .roleChanged(Change(from: "Engineer", to: "Lead \($0)"))) }
        events += stride(from: 50, to: 2_250, by: 25).map {
            .employee(people[$0], organization: organization, .deactivated)
        }
        return events
    }

    private func happened(_ person: Int, _ event: EmployeeEvent) -> DirectoryEvent {
        .employee(people[person], organization: organization, event)
    }

    private func happened(_ person: Int, _ event: EntityEvent) -> DirectoryEvent {
        .employee(people[person], organization: organization, event)
    }

    private func created(_ person: Int) -> EmployeeEvent {
        let name =
            person < 5 ? "Zebulon Rare" : person.isMultiple(of: 3) ? "Anna Keller \(person)" : "Bo Lind \(person)"
        return .created(
            name: Erasable(name), email: "p\(person)@large.example", role: "Engineer",
            type: person.isMultiple(of: 20) ? "CONTRACTOR" : "EMPLOYEE", account: nil)
    }

    /// A tree of 18,000, a chain of 1,000 below its top, and 1,000 below the hub.
    private func manager(of person: Int) -> UUID {
        switch person {
        case 18_000: people[0]
        case 18_001..<19_000: people[person - 1]
        case 19_000...: people[1]
        default: people[(person - 1) / 8]
        }
    }
}
