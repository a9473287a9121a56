import CanonicalJSON
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// The accounts of the demonstration, besides the owner's.
enum DemonstrationAccounts {
    struct Entry: Sendable {
        let email: String
        let name: String
        let role: Role
        /// Whether it is the account of the employee with the same address, and ends with it.
        let isEmployee: Bool
    }

    static let all = [
        Entry(email: "auditor@audit.example", name: "Inês Carvalho", role: .auditor, isEmployee: false),
        Entry(email: "hana@\(DemonstrationPeople.domain)", name: "Hana Novák", role: .admin, isEmployee: true),
    ]
}

/// What is said of Acme today, after its history was imported: profiles, lines of a second type, accounts, an app, preferences.
struct DemonstrationToday {
    let organization: UUID
    let app: UUID
    let spare: [UUID]

    /// - Parameter view: the state after the import.
    func events(_ view: View) throws -> [DirectoryEvent] {
        let people = try DemonstrationPeople.everybody.compactMap { person in
            try view.rows(Employees.byEmail, [.uuid(organization), .text(SearchText.emailKey(person.email))]).first
        }
        var spare = spare[...]
        return try [.organization(organization, .profileChanged(changes(DemonstrationPeople.profile, .organization)))]
            + profiles(people) + dottedLines(people) + accounts(people, view, &spare)
            + integration(people, view, &spare)
            + preferences(view, &spare)
    }

    private func changes(_ values: [String: String], _ kind: EntityKind) -> [ProfileChange] {
        kind.profileFields.compactMap { field in values[field.name].map { ProfileChange(field.name, from: nil, to: $0) }
        }
    }

    private func profiles(_ people: [Employee]) -> [DirectoryEvent] {
        people.enumerated().map { index, person in
            let city = DemonstrationPeople.everybody[index].city
            let values = [
                "employeeNumber": "\(1001 + index)", "timezone": DemonstrationPeople.timeZones[city],
                "joinDate": String(person.facts.created.createdAt.description.prefix(10)),
            ].compactMapValues { $0 }
            return .employee(person.id, organization: organization, .profileChanged(changes(values, .employee)))
        }
    }

    /// The heads of departments work with the head of People, and the leads of the first teams with that of Product.
    private func dottedLines(_ people: [Employee]) -> [DirectoryEvent] {
        let byEmail = Dictionary(people.map { ($0.emailKey ?? "", $0.id) }) { first, _ in first }
        let departments = DemonstrationPeople.departments
        let pairs =
            departments.dropLast().map { ($0.head, departments[5].head) }
            + departments[0].teams.map { ($0.people[0], departments[1].head) }
        return pairs.compactMap { report, manager in
            guard let report = byEmail[report.email], let manager = byEmail[manager.email] else { return nil }
            return .employee(report, organization: organization, .managerAssigned(manager, type: "DOTTED_LINE"))
        }
    }

    private func accounts(
        _ people: [Employee], _ view: View, _ spare: inout ArraySlice<UUID>
    ) throws -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        for entry in DemonstrationAccounts.all {
            let found = try view.account(email: entry.email)
            guard let account = found?.id ?? spare.popFirst(), found?.isActive != false else { continue }
            if found == nil {
                let created = AccountEvent.created(email: Erasable(entry.email), name: Erasable(entry.name))
                events.append(.account(account, organization: nil, created))
            }
            let employee = entry.isEmployee ? people.first { $0.email == entry.email }?.id : nil
            if let employee { events.append(.employee(employee, organization: organization, .accountLinked(account))) }
            let granted = AccountEvent.roleGranted(role: entry.role.rawValue, employee: employee)
            events.append(.account(account, organization: organization, granted))
        }
        return events
    }

    /// A chat app, with the ids that heads and departments have there.
    private func integration(
        _ people: [Employee], _ view: View, _ spare: inout ArraySlice<UUID>
    ) throws -> [DirectoryEvent] {
        var events: [DirectoryEvent] = [
            .app(
                app, organization: organization,
                .added(
                    type: "CHAT", internal: false, name: "Acme chat", externalID: "T0ACME1",
                    appData: .value(["plan": "business", "region": "eu"])))
        ]
        func map(_ entity: EntityReference, _ namespace: String, _ id: String, _ reference: String) {
            guard let mapping = spare.popFirst() else { return }
            let changes = [
                ValueChange("mappedId", from: nil, to: .string(id)),
                ValueChange("reference", from: nil, to: .string(reference)),
            ]
            events.append(
                .entity(
                    entity, organization: organization,
                    .mappingSet(
                        app: app, mapping: mapping, namespace: Erasable(namespace), changes, secrets: SecretNames())))
        }
        for (index, department) in DemonstrationPeople.departments.enumerated() {
            if let head = people.first(where: { $0.email == department.head.email }) {
                map(EntityReference(.employee, head.id), "members", "U0\(4100 + index)", "@\(department.head.name)")
            }
            if let group = try group(department.name, view) {
                map(EntityReference(.group, group), "channels", "C0\(7200 + index)", "#\(department.name.lowercased())")
            }
        }
        return events
    }

    private func preferences(_ view: View, _ spare: inout ArraySlice<UUID>) throws -> [DirectoryEvent] {
        var wanted: [(EntityReference, String, JSON)] = [
            (
                EntityReference(.organization, organization), "calendar",
                ["weekStart": "monday", "holidays": ["DE-BE", "PT"]]
            )
        ]
        if let group = try group("On call", view) {
            wanted.append((EntityReference(.group, group), "alerts", ["channel": "chat", "quietHours": false]))
        }
        return wanted.compactMap { entity, namespace, values in
            spare.popFirst().map {
                .entity(
                    entity, organization: organization,
                    .preferencesSet($0, namespace: Erasable(namespace), values: Change(from: nil, to: values)))
            }
        }
    }

    private func group(_ name: String, _ view: View) throws -> UUID? {
        try view.rows(Groups.byName, [.uuid(organization), .text(SearchText.caseless(name))]).first?.id
    }
}
