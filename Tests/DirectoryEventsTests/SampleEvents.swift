import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An event of each case, and of each form that a case has.
enum SampleEvents {
    static let (organization, account, employee, other) = (id(1), id(2), id(3), id(4))

    private static func id(_ number: UInt64) -> UUID {
        UUID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }

    /// Words that clients chose: they are in `sealed` and nowhere else.
    static let chosen = ["Söder", "soeder", "chosen"]

    private static let name = Change(from: "Söder", to: "So\u{308}der")
    private static let mail = Change(from: "soeder@example.com", to: "soeder@example.org")
    private static let word = Change(from: "DIRECT", to: "DOTTED_LINE")
    private static let digest = Erasable(String(repeating: "ab", count: 32))

    static let all: [DirectoryEvent] = own.flatMap(\.self) + EntityKind.allCases.flatMap(shared) + readings

    /// What happens to entities of one kind alone.
    private static let own: [[DirectoryEvent]] = [
        organizations.map { .organization(organization, $0) },
        accounts.map { .account(account, organization: nil, $0) },
        grants.map { .account(account, organization: organization, $0) },
        employees.map { .employee(employee, organization: organization, $0) },
        groups.map { .group(other, organization: organization, $0) },
        apps.map { .app(other, organization: organization, $0) },
        webhooks.map { .webhook(other, organization: organization, $0) },
    ]

    /// What happens to entities of a kind as it does to others.
    private static func shared(_ kind: EntityKind) -> [DirectoryEvent] {
        let entity = EntityReference(kind, kind == .organization ? organization : other)
        return events(of: kind).map { .entity(entity, organization: kind == .account ? nil : organization, $0) }
            + (kind.joinsGroups ? memberships.map { .membership(entity, organization: organization, $0) } : [])
    }

    private static func events(of kind: EntityKind) -> [EntityEvent] {
        let fields = kind.profileFields.map(\.name)
        let profiles: [EntityEvent] =
            fields.isEmpty
            ? []
            : [
                .profileChanged(fields.map { ProfileChange($0, from: nil, to: "chosen \($0)") }),
                .profileChanged(fields.map { ProfileChange($0, from: "chosen", to: "chosen \($0)") }),
                .profileChanged([ProfileChange(fields[0], from: "chosen", to: nil)]),
            ]
        let erasure: [EntityEvent] = kind.canBeErased ? [.erased(reason: "GDPR_ART_17")] : []
        return profiles + [.deactivated, .activated] + mappings + preferences + erasure
    }

    private static let readings: [DirectoryEvent] = [
        TrailEvent.read(filter: nil), .read(filter: .value(["requestId": "chosen"])),
        .exported(format: "csv", filter: nil), .exported(format: "ndjson", filter: .value(["requestId": "chosen"])),
    ].flatMap { event -> [DirectoryEvent] in
        [
            .trail(EntityReference(.organization, organization), organization: organization, event),
            .trail(EntityReference(.account, account), organization: nil, event),
        ]
    }

    private static let mappings: [EntityEvent] = [
        .mappingSet(
            app: other, mapping: employee, namespace: "chosen",
            [
                ValueChange("mappedId", from: nil, to: "Söder"), ValueChange("reference", from: nil, to: "chosen"),
                ValueChange("mappingData", from: nil, to: ["Söder": [1, true, .null, "chosen"]]),
            ], secrets: SecretNames(set: ["chosen", "chosen too"])),
        .mappingSet(
            app: other, mapping: employee, namespace: "chosen",
            [ValueChange("mappingData", from: ["chosen": 1], to: nil)], secrets: SecretNames()),
        .mappingSet(
            app: other, mapping: employee, namespace: "chosen", [], secrets: SecretNames(removed: ["chosen"])),
        .mappingRemoved(app: other, mapping: employee, namespace: "chosen", mappedID: "Söder"),
    ]

    private static let preferences: [EntityEvent] = [
        .preferencesSet(account, namespace: "chosen", values: Change(from: nil, to: ["chosen": ["a": 0.5]])),
        .preferencesSet(account, namespace: "chosen", values: Change(from: ["chosen": ["a": 0.5]], to: .object([]))),
        .preferencesRemoved(account, namespace: "chosen", values: Change(from: .object([]), to: nil)),
    ]

    private static let apps: [AppEvent] = [
        .added(
            type: "SLACK", internal: false, name: "Söder", externalID: "chosen",
            appData: .value(["chosen": ["Söder"]])),
        .added(type: "SLACK", internal: nil, name: nil, externalID: nil, appData: nil),
        .changed([
            ValueChange("type", from: "SLACK", to: "TEAMS"), ValueChange("internal", from: nil, to: true),
            ValueChange("name", from: "Söder", to: "chosen"), ValueChange("externalId", from: "chosen", to: nil),
            ValueChange("appData", from: nil, to: ["chosen": 1]),
        ]),
        .changed([ValueChange("internal", from: true, to: nil)]),
        .secretsChanged(SecretNames(set: ["chosen"], removed: ["Söder"])), .deactivated, .activated,
    ]

    private static let webhooks: [WebhookEvent] = [
        .created(types: ["employee.*", "group.created"], url: "https://chosen.example/a?b", name: "Söder"),
        .created(types: [], url: "https://chosen.example/", name: nil),
        .changed([
            ValueChange("types", from: [], to: ["employee.*"]),
            ValueChange("url", from: "https://chosen.example/", to: "https://chosen.example/b"),
            ValueChange("name", from: "Söder", to: nil),
        ]),
        .changed([ValueChange("types", from: ["employee.*"], to: [])]),
        .changed([ValueChange("name", from: nil, to: "chosen")]),
        .disabled(.requested), .disabled(.failing), .disabled(.gone), .disabled(.noSecret), .enabled(.requested),
        .deleted(.requested),
    ]

    private static let organizations: [OrganizationEvent] = [
        .created(name: "Söder \"&\" 🇸🇪", alias: "soeder"), .renamed(name),
        .aliasChanged(Change(from: "soeder", to: "chosen")),
        .importStarted(import: other, lines: 2591, digest: digest),
        .importStopped(import: other, lines: 12, digest: digest),
        .importCompleted(import: other, lines: 2591, digest: digest), .importCompleted(import: other, lines: 2591),
        .keyCreated(other, limitToRole: "ADMIN", name: "Söder"),
        .keyDeleted(other, limitToRole: "ADMIN", name: "Söder"),
    ]

    private static let accounts: [AccountEvent] = [
        .created(email: "soeder@example.com", name: "Söder"), .created(email: "soeder@example.com", name: nil),
        .renamed(name), .renamed(Change(from: nil, to: "chosen")), .emailChanged(mail),
        .roleGranted(role: "SYSTEM_ADMIN", employee: nil), .roleRevoked(role: "SYSTEM_ADMIN", employee: nil),
    ]

    private static let grants: [AccountEvent] = [
        .roleGranted(role: "OWNER", employee: nil), .roleGranted(role: "ADMIN", employee: employee),
        .roleGranted(role: "ADMIN", employee: employee, retied: Change(from: other, to: employee)),
        .roleGranted(role: "ADMIN", employee: nil, retied: Change(from: other, to: nil)),
        .roleRevoked(role: "OWNER", employee: nil), .roleRevoked(role: "ADMIN", employee: employee),
    ]

    private static let groups: [GroupEvent] = [
        .created(name: "Söder", type: "TEAM"), .renamed(name), .typeChanged(word),
    ]

    private static let memberships: [MembershipEvent] = [
        .joined(employee, type: "MEMBER"), .left(employee, type: "LEAD"), .typeChanged(employee, word),
    ]

    private static let employees: [EmployeeEvent] = [
        .created(name: "Söder", email: "soeder@example.com", role: "chosen", type: "EMPLOYEE", account: account),
        .created(name: "Söder", email: "soeder@example.com", role: nil, type: "CONTRACTOR", account: nil),
        .renamed(name), .renamed(Change(from: "Söder", to: "chosen")), .emailChanged(mail),
        .roleChanged(Change(from: nil, to: "chosen")),
        .roleChanged(Change(from: "chosen", to: nil)), .typeChanged(Change(from: "EMPLOYEE", to: "CONTRACTOR")),
        .accountLinked(account), .accountUnlinked(account),
        .managerAssigned(other, type: "DIRECT"), .managerRemoved(other, type: "DIRECT"),
        .managerTypeChanged(other, word),
    ]
}
