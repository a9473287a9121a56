import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport

/// An organization of 20,000 people with a past: a tree eight wide, a chain of 1,000, a manager with 1,000 reports, leavers
/// whose reports still have a line to them, accounts with grants, groups nested five deep with everybody in the innermost, and as
/// many changes as people.
struct LargeCompany {
    static let size = 20_000

    let organization = LargeCompany.id(1, 0)
    let owner = LargeCompany.id(2, 0)
    let people = (0..<LargeCompany.size).map { LargeCompany.id(3, $0) }
    let accounts = (1...3_000).map { LargeCompany.id(2, $0) }

    let app = LargeCompany.id(7, 0)

    /// The top of the tree and of the chain.
    var root: UUID { people[0] }
    /// The manager with 1,000 direct reports.
    var hub: UUID { people[1] }
    /// The end of the chain.
    var lowest: UUID { people[18_999] }

    let groups = (0..<2_000).map { LargeCompany.id(4, $0) }

    /// The group around all people, four groups away from each.
    var everybody: UUID { groups[0] }
    /// How many memberships there are below it: those of people, and those of groups.
    static let below = size + 780
    /// The group with 3,000 accounts and 5,000 people, five of them its leads.
    var crowd: UUID { groups[800] }
    /// The employee in 1,000 groups, 20 of which are INACTIVE.
    var joiner: UUID { people[778] }

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
        return events + groupEvents + integrations
    }

    private var groupEvents: [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        func join(_ kind: EntityKind, _ member: UUID, _ group: UUID, _ type: String = "MEMBER") {
            events.append(
                .membership(EntityReference(kind, member), organization: organization, .joined(group, type: type)))
        }
        for (number, group) in groups.enumerated() {
            let type = number.isMultiple(of: 10) ? "GUILD" : "TEAM"
            events.append(.group(group, organization: organization, .created(name: "G", type: type)))
            events.append(.group(group, organization: organization, .renamed(Change(from: "G", to: "H"))))
            if number >= 1_800, number.isMultiple(of: 10) {
                events.append(.group(group, organization: organization, .deactivated))
            }
        }
        // A tree of 781 groups, five wide; its leaves are the last 625.
        for number in 1...780 { join(.group, groups[number], groups[(number - 1) / 5]) }
        for (number, person) in people.enumerated() { join(.employee, person, groups[156 + number % 625]) }
        for account in accounts { join(.account, account, crowd) }
        for number in 0..<5_000 {
            join(.employee, people[number], crowd, number < 5 ? "LEAD" : "MEMBER")
            // And as many who have left a group, one or another.
            let group = groups[156 + (number + 1) % 625], member = EntityReference(.employee, people[number])
            join(.employee, member.id, group)
            events.append(.membership(member, organization: organization, .left(group, type: "MEMBER")))
        }
        for group in groups[1_000...] { join(.employee, joiner, group) }
        return events
    }

    /// An app, and what every tenth person is in it and prefers.
    private var integrations: [DirectoryEvent] {
        [
            .app(
                app, organization: organization,
                .added(
                    type: "SLACK", internal: nil, name: "Slack", externalID: "T1", appData: .value(["plan": "gold"])))
        ]
            + people.indices.filter { $0.isMultiple(of: 10) }.flatMap { person in
                [
                    happened(
                        person,
                        .mappingSet(
                            app: app, mapping: LargeCompany.id(5, person), namespace: "user",
                            [ValueChange("mappedId", from: nil, to: .string("U\(person)"))], secrets: SecretNames())),
                    happened(
                        person,
                        .preferencesSet(
                            LargeCompany.id(6, person), namespace: "ui", values: Change(from: nil, to: ["dark": true]))),
                ]
            }
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
