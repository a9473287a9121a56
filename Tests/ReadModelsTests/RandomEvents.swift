import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport

/// Makes plausible events without deciding anything: about entities that exist, with changes from current values.
struct RandomEvents {
    var random: SeededGenerator
    private var organizations: [UUID] = []
    private var accounts: [UUID] = []
    private var employees: [(id: UUID, organization: UUID, name: String, email: String, type: String)] = []
    private var grants: Set<[UUID]> = []
    private var lines: [[UUID]: String] = [:]
    private var bios: [UUID: String] = [:]
    private var keys: [(id: UUID, organization: UUID)] = []
    private var groups: [(id: UUID, organization: UUID)] = []
    private var memberships: [[UUID]: String] = [:]
    private var apps: [(id: UUID, organization: UUID)] = []
    private var webhooks: [(id: UUID, organization: UUID)] = []
    private var mappings: [UUID: (entity: EntityReference, app: UUID, organization: UUID)] = [:]
    private var preferences: [UUID: EntityReference] = [:]

    private let erases: Bool

    /// - Parameter erases: whether employees and accounts are erased, too.
    init(seed: UInt64, erases: Bool = false) {
        random = SeededGenerator(seed)
        self.erases = erases
    }

    mutating func events(_ count: Int) -> [DirectoryEvent] { (0..<count).map { _ in event() } }

    private mutating func fresh() -> UUID { UUID(high: random.next(), low: random.next()) }
    private mutating func name() -> String {
        let first = ["Ada", "Zoë", "Ze\u{308}", "李", "Ada Ada"], last = ["Byron", "O'Hara", "İnci", "Straße", "Nowak"]
        return "\(first[Int.random(in: 0..<5, using: &random)]) \(last[Int.random(in: 0..<5, using: &random)])"
    }

    private mutating func event() -> DirectoryEvent {
        let id = fresh()
        if erases, Int.random(in: 0..<15, using: &random) == 0, let erased = erasure() { return erased }
        switch Int.random(in: 0..<27, using: &random) {
        case 20: return groupEvent(id)
        case 21, 22: return membershipEvent()
        case 0:
            organizations.append(id)
            return .organization(id, .created(name: Erasable(name()), alias: "a\(id.text.prefix(8))"))
        case 1, 2:
            accounts.append(id)
            return .account(id, organization: nil, .created(email: "\(id.text.prefix(6))@Example.org", name: nil))
        case 3, 4, 5:
            guard let organization = organizations.randomElement(using: &random) else { return event() }
            let name = name()
            let email = "E\(id.text.prefix(6))@x.org"
            employees.append((id, organization, name, email, "EMPLOYEE"))
            return .employee(
                id, organization: organization,
                .created(name: Erasable(name), email: Erasable(email), role: nil, type: "EMPLOYEE", account: nil))
        case 6, 7, 8:
            guard let account = accounts.randomElement(using: &random),
                let organization = organizations.randomElement(using: &random)
            else { return event() }
            let role = Bool.random(using: &random) ? "OWNER" : "ADMIN"
            let key = [account, organization, UUID(high: 0, low: role == "OWNER" ? 1 : 2)]
            if grants.remove(key) != nil {
                return .account(account, organization: organization, .roleRevoked(role: role, employee: nil))
            }
            grants.insert(key)
            return .account(account, organization: organization, .roleGranted(role: role, employee: nil))
        case 9:
            guard let account = accounts.randomElement(using: &random) else { return event() }
            return .account(account, organization: nil, Bool.random(using: &random) ? .deactivated : .activated)
        case 10:
            guard let organization = organizations.randomElement(using: &random) else { return event() }
            return .organization(
                organization,
                .profileChanged([
                    ProfileChange("mission", from: nil, to: name()), ProfileChange("website", from: nil, to: nil),
                ]))
        case 11:
            guard let organization = organizations.randomElement(using: &random) else { return event() }
            return .organization(organization, .importCompleted(import: id, lines: 1))
        case 12:
            guard let organization = organizations.randomElement(using: &random) else { return event() }
            if Bool.random(using: &random), let index = keys.indices.randomElement(using: &random) {
                let key = keys.remove(at: index)
                return .organization(key.organization, .keyDeleted(key.id, limitToRole: "ADMIN", name: "K"))
            }
            keys.append((id, organization))
            return .organization(organization, .keyCreated(id, limitToRole: "ADMIN", name: Erasable(name())))
        case 23, 24, 25, 26: return integrationEvent(id)
        default: return employeeEvent()
        }
    }

    /// Erases somebody; nothing happens to them afterwards.
    private mutating func erasure() -> DirectoryEvent? {
        let erased: DirectoryEvent
        if Bool.random(using: &random), accounts.count > 1 {
            let id = accounts.remove(at: Int.random(in: 0..<accounts.count, using: &random))
            erased = .account(id, organization: nil, .erased(reason: "R"))
            mappings = mappings.filter { $0.value.entity.id != id }
            preferences = preferences.filter { $0.value.id != id }
        } else if !employees.isEmpty {
            let employee = employees.remove(at: Int.random(in: 0..<employees.count, using: &random))
            erased = .employee(employee.id, organization: employee.organization, .erased(reason: "R"))
        } else {
            return nil
        }
        return erased
    }

    private mutating func groupEvent(_ id: UUID) -> DirectoryEvent {
        if groups.count > 3, let group = groups.randomElement(using: &random) {
            return .group(
                group.id, organization: group.organization, Bool.random(using: &random) ? .deactivated : .activated)
        }
        guard let organization = organizations.randomElement(using: &random) else { return event() }
        groups.append((id, organization))
        return .group(id, organization: organization, .created(name: Erasable(name()), type: "TEAM"))
    }

    private mutating func membershipEvent() -> DirectoryEvent {
        guard let group = groups.randomElement(using: &random),
            let member = (accounts + employees.map(\.id) + groups.map(\.id)).randomElement(using: &random)
        else { return event() }
        let kind: EntityKind =
            accounts.contains(member) ? .account : groups.contains { $0.id == member } ? .group : .employee
        func happened(_ event: MembershipEvent) -> DirectoryEvent {
            .membership(EntityReference(kind, member), organization: group.organization, event)
        }
        guard let type = memberships[[member, group.id]] else {
            memberships[[member, group.id]] = "MEMBER"
            return happened(.joined(group.id, type: "MEMBER"))
        }
        if Bool.random(using: &random) {
            memberships[[member, group.id]] = nil
            return happened(.left(group.id, type: type))
        }
        let other = type == "MEMBER" ? "LEAD" : "MEMBER"
        memberships[[member, group.id]] = other
        return happened(.typeChanged(group.id, Change(from: type, to: other)))
    }

    /// Something happens to an app, a mapping or preferences; `id` is used nowhere yet.
    private mutating func integrationEvent(_ id: UUID) -> DirectoryEvent {
        guard let organization = organizations.randomElement(using: &random) else { return event() }
        guard let app = apps.randomElement(using: &random), Bool.random(using: &random) else {
            apps.append((id, organization))
            return .app(
                id, organization: organization,
                .added(
                    type: "T", internal: nil, name: nil, externalID: Erasable(name()),
                    appData: .value(["b": 1, "a": 2])))
        }
        let entity =
            accounts.randomElement(using: &random).map { EntityReference(.account, $0) }
            ?? EntityReference(.organization, organization)
        switch Int.random(in: 0..<8, using: &random) {
        case 6, 7: return webhookEvent(id, organization)
        case 0:
            return .app(app.id, organization: app.organization, .secretsChanged(SecretNames(set: ["b", name()])))
        case 1:
            return .app(
                app.id, organization: app.organization,
                .changed([
                    ValueChange("externalId", from: nil, to: .string(name())), ValueChange("type", from: "T", to: "U"),
                ]))
        case 2:
            mappings[id] = (entity, app.id, app.organization)
            return .entity(
                entity, organization: app.organization,
                .mappingSet(
                    app: app.id, mapping: id, namespace: "n", [ValueChange("mappedId", from: nil, to: .string(name()))],
                    secrets: SecretNames(set: ["s"])))
        case 3:
            guard let (id, mapping) = mappings.min(by: { $0.key.text < $1.key.text }) else { return event() }
            mappings[id] = nil
            return .entity(
                mapping.entity, organization: mapping.organization,
                .mappingRemoved(app: mapping.app, mapping: id, namespace: "n", mappedID: "m"))
        case 4:
            guard let (id, owner) = preferences.min(by: { $0.key.text < $1.key.text }) else { return event() }
            preferences[id] = nil
            return .entity(
                owner, organization: nil,
                .preferencesRemoved(id, namespace: "n", values: Change(from: .object([]), to: nil)))
        default:
            preferences[id] = entity
            return .entity(
                entity, organization: nil,
                .preferencesSet(id, namespace: "n", values: Change(from: nil, to: ["z": "ü", "a": .null])))
        }
    }

    /// Something happens to a webhook; `id` is used nowhere yet.
    private mutating func webhookEvent(_ id: UUID, _ organization: UUID) -> DirectoryEvent {
        guard let index = webhooks.indices.randomElement(using: &random), Bool.random(using: &random) else {
            webhooks.append((id, organization))
            return .webhook(id, organization: organization, .created(types: [], url: Erasable(name()), name: nil))
        }
        let webhook = webhooks[index]
        func happened(_ event: WebhookEvent) -> DirectoryEvent {
            .webhook(webhook.id, organization: webhook.organization, event)
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return happened(.disabled(.failing))
        case 1: return happened(.enabled(.requested))
        case 2:
            webhooks.remove(at: index)
            return happened(.deleted(.requested))
        default: return happened(.changed([ValueChange("types", from: [], to: ["employee.*"])]))
        }
    }

    private mutating func employeeEvent() -> DirectoryEvent {
        guard let index = employees.indices.randomElement(using: &random) else { return event() }
        let employee = employees[index]
        func happened(_ event: EmployeeEvent) -> DirectoryEvent {
            .employee(employee.id, organization: employee.organization, event)
        }
        func happened(_ event: EntityEvent) -> DirectoryEvent {
            .employee(employee.id, organization: employee.organization, event)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            let name = name()
            employees[index].name = name
            return happened(.renamed(Change(from: employee.name, to: name)))
        case 1, 2, 3:
            guard let manager = employees.randomElement(using: &random)?.id, manager != employee.id else {
                return event()
            }
            if let type = lines.removeValue(forKey: [employee.id, manager]) {
                return happened(.managerRemoved(manager, type: type))
            }
            lines[[employee.id, manager]] = "DIRECT"
            return happened(.managerAssigned(manager, type: "DIRECT"))
        case 4:
            guard
                let line = lines.filter({ $0.key[0] == employee.id }).sorted(by: { $0.key[1].text < $1.key[1].text })
                    .first
            else { return event() }
            let other = line.value == "DIRECT" ? "DOTTED" : "DIRECT"
            lines[line.key] = other
            return happened(.managerTypeChanged(line.key[1], Change(from: line.value, to: other)))
        case 6:
            let email = "\(random.next() % 100)@X.org"
            employees[index].email = email
            return happened(.emailChanged(Change(from: employee.email, to: email)))
        case 7:
            let type = employee.type == "EMPLOYEE" ? "CONTRACTOR" : "EMPLOYEE"
            employees[index].type = type
            return happened(.typeChanged(Change(from: employee.type, to: type)))
        case 5: return happened(Bool.random(using: &random) ? .deactivated : .activated)
        default:
            let field = ["bio", "birthDate", "firstName"][Int.random(in: 0..<3, using: &random)]
            return happened(
                .profileChanged([ProfileChange(field, from: nil, to: Bool.random(using: &random) ? name() : nil)]))
        }
    }
}
