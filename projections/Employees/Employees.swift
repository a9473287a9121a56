import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// Employees by id. Serves operations 27, 29, 31, 33, 34, 37, 40 and 41.
public enum Employees: OrganizationEntityProjection {
    public static let kind = EntityKind.employee
    public static let name = "employees"
    public static let version = 3
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("email_key", .text),
            Column("account", .uuid), Column("status", .text), Column("type", .text), Column("managed", .bool),
            Column("json", .json), Column("full_json", .json),
        ]
    )
    /// The employees of an organization with an e-mail address, by its key; one of them at most is active.
    public static let byEmail = Lookup<Employees>(0, by: ["organization", "email_key"]) {
        guard let key = $0.emailKey else { return nil }
        return [.uuid($0.organization), .text(key)]
    }
    /// The employees of an organization linked to an account, active or not.
    public static let byAccount = Lookup<Employees>(1, by: ["account", "organization"]) { employee in
        employee.account.map { [.uuid($0), .uuid(employee.organization)] }
    }
    /// The employees linked to an account, active or not, in whichever organization.
    public static let byAccountAnywhere = BoundedLookup<Employees>(2, by: ["account"], most: 1000) {
        $0.account.map { [.uuid($0)] }
    }
    public static let lookups = [byEmail, byAccount, byAccountAnywhere.lookup]

    public static let erasedBy: String? = "id"
    public static let topics: Set<DirectoryEvent.Topic> = [
        .entity(.employee), .employeeCreation, .employeeName, .employeeFacet, .reportingLine, .mapping, .preferences,
    ]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        payload.key(of: .employee)
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Employee?, at key: UUID) {
        switch event.payload {
        case .employee(_, let organization, .created(let name, let email, let role, let type, let account)):
            row = Employee(
                facts: EntityFacts(key, createdBy: event), organization: organization, name: name.shown,
                email: email.text, role: role?.text, type: type, account: account)
        case .employee(_, _, let change): row?.apply(change, of: event)
        case .entity(_, _, .profileChanged(let changes)): row?.profile.apply(changes)
        case .entity(_, _, let change):
            if event.payload.isErasure { row?.erase() }
            row?.facts.apply(change, of: event)
        default: break
        }
    }

    public static func values(of row: Employee) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.facts.createdPosition), .text(row.emailKey), .uuid(row.account),
            .text(row.facts.status.current.rawValue), .text(row.type), .bool(row.isManaged), .json(row.json),
            row.fullJSON.map { .json($0) } ?? .null,
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Employee {
        let columns = ColumnReader(row: values, of: Self.self)
        let visible = try columns.json("json")
        let bytes = try columns.jsonIfPresent("full_json") ?? visible
        guard let json = try? JSON(parsing: bytes, limits: .trusted),
            let row = Employee(json, createdPosition: try columns.integer("created"))
        else { throw columns.unreadable("json") }
        return row
    }

    public static func size(of row: Employee) -> Int {
        512 + row.managers.count * 64 + row.profile.values.reduce(0) { $0 + 64 + $1.value.utf8.count }
    }
}

extension Employee {
    /// Forgets what clients chose, as reading its events without it does.
    fileprivate mutating func erase() {
        name = Erasable.placeholder
        email = nil
        role = nil
        profile = Profile()
    }

    fileprivate mutating func apply(_ change: EmployeeEvent, of event: Event<DirectoryEvent>) {
        switch change {
        case .created: break
        case .renamed(let name): self.name = name.to ?? Erasable.placeholder
        case .emailChanged(let email): self.email = email.to
        case .roleChanged(let role): self.role = role.to
        case .typeChanged(let type): self.type = type.to ?? ""
        case .accountLinked(let account): self.account = account
        case .accountUnlinked: account = nil
        case .managerAssigned(let manager, let type):
            managers.append(ManagerReference(manager: manager, type: type, since: event.time))
        case .managerRemoved(let manager, _): managers.removeAll { $0.manager == manager }
        case .managerTypeChanged(let manager, let type):
            for index in managers.indices where managers[index].manager == manager {
                managers[index].type = type.to ?? ""
                managers[index].since = event.time
            }
        }
    }
}
