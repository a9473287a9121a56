import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An account that is in many organizations: in every third by an employee, in the others by a grant. Each organization has a
/// past, and one thing of each kind that its entity shows: an app, a key, preferences and a mapping. Two more are large: in
/// one everybody has an account, in the other nobody but its owner, who is in no other.
struct ManyOrganizations {
    static let count = 2_100

    /// How many people are in each of the large organizations.
    static let crowd = 20_000

    let caller = ManyOrganizations.id(1, 0)
    /// The owner of the large organization without accounts.
    let owner = ManyOrganizations.id(1, 1)
    private let organizations = (0..<ManyOrganizations.count).map { ManyOrganizations.id(2, $0) }

    private static func id(_ kind: UInt64, _ number: Int) -> UUID {
        UUID(high: 0x0199_0000_0000_7000 | kind, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    var events: [DirectoryEvent] {
        [.account(caller, organization: nil, .created(email: "everywhere@many.example", name: nil))] + crowded
            + organizations.indices.flatMap(made) + organizations.indices.flatMap(changed)
    }

    private var crowded: [DirectoryEvent] {
        let (with, without) = (Self.id(2, Self.count), Self.id(2, Self.count + 1))
        func hired(_ number: Int, _ organization: UUID, account: UUID?) -> DirectoryEvent {
            .employee(
                Self.id(8, number), organization: organization,
                .created(
                    name: "Somebody", email: Erasable("c\(number)@many.example"), role: nil, type: "EMPLOYEE",
                    account: account))
        }
        return [
            .organization(with, .created(name: "With accounts", alias: "with")),
            .organization(without, .created(name: "Without accounts", alias: "without")),
            .account(owner, organization: nil, .created(email: "owner@many.example", name: nil)),
            .account(owner, organization: without, .roleGranted(role: "OWNER", employee: nil)),
        ]
            + (0..<Self.crowd).flatMap {
                [hired(2 * $0, with, account: Self.id(9, $0)), hired(2 * $0 + 1, without, account: nil)]
            }
    }

    private func made(_ number: Int) -> [DirectoryEvent] {
        let organization = organizations[number]
        let (entity, app) = (EntityReference(.organization, organization), Self.id(4, number))
        let tie: DirectoryEvent =
            number.isMultiple(of: 3)
            ? .employee(
                Self.id(3, number), organization: organization,
                .created(name: "Somebody", email: "e@many.example", role: nil, type: "EMPLOYEE", account: caller))
            : .account(
                caller, organization: organization,
                .roleGranted(role: number.isMultiple(of: 2) ? "OWNER" : "AUDITOR", employee: nil))
        return [
            .organization(organization, .created(name: "One", alias: Erasable("one-\(number)"))), tie,
            .app(
                app, organization: organization,
                .added(type: "SLACK", internal: nil, name: "Slack", externalID: nil, appData: nil)),
            .organization(organization, .keyCreated(Self.id(5, number), limitToRole: "EMPLOYEE", name: "Key")),
            .entity(entity, organization: organization, preferences(number, from: nil, to: ["dark": true])),
            .entity(
                entity, organization: organization,
                .mappingSet(
                    app: app, mapping: Self.id(7, number), namespace: "team",
                    [ValueChange("mappedId", from: nil, to: .string("T\(number)"))], secrets: SecretNames())),
        ]
    }

    private func changed(_ number: Int) -> [DirectoryEvent] {
        let organization = organizations[number]
        return [
            .organization(organization, .renamed(Change(from: "One", to: "One of many"))),
            .app(Self.id(4, number), organization: organization, .deactivated),
            .app(Self.id(4, number), organization: organization, .activated),
            .entity(
                EntityReference(.organization, organization), organization: organization,
                preferences(number, from: ["dark": true], to: ["dark": false])),
        ]
    }

    private func preferences(_ number: Int, from: JSON?, to: JSON) -> EntityEvent {
        .preferencesSet(Self.id(6, number), namespace: "ui", values: Change(from: from, to: to))
    }
}
