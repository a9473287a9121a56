import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What an employee is listed by.
public struct ListedEmployee: Sendable, Equatable {
    public let organization: UUID
    /// The position of the creating event: lists are in this order.
    public let created: Position
    public var status: Status
    public var type: String
    /// The key under which the e-mail address is found; `nil` where it has been erased.
    public var emailKey: String?
    /// How many reporting lines of the default type the employee has.
    public var directManagers: Int64
}

/// Employees by what lists filter and order by. Serves operation 29; written only when one of these facets changes.
public enum EmployeeFacets: Projection {
    public static let name = "employee_facets"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("employee", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("status", .text), Column("type", .text),
            Column("email_key", .text), Column("direct_managers", .integer),
        ]
    )

    public static let topics: Set<DirectoryEvent.Topic> = [.employeeCreation, .employeeFacet, .reportingLine]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        guard case .employee(let id, _, let change) = payload else { return [] }
        return switch change {
        case .created, .emailChanged, .typeChanged, .deactivated, .activated: [id]
        case .managerAssigned, .managerRemoved, .managerTypeChanged: change.addedDirectManagers == 0 ? [] : [id]
        case .renamed, .roleChanged, .accountLinked, .accountUnlinked, .profileChanged: []
        }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout ListedEmployee?, at key: UUID) {
        guard case .employee(_, let organization, let change) = event.payload else { return }
        switch change {
        case .created(_, let email, _, let type, _):
            row = ListedEmployee(
                organization: organization, created: event.position, status: .active, type: type,
                emailKey: SearchText.emailKey(email), directManagers: 0)
        case .emailChanged(let email): row?.emailKey = email.to.map(SearchText.emailKey)
        case .typeChanged(let type): row?.type = type.to ?? ""
        case .deactivated: row?.status = .inactive
        case .activated: row?.status = .active
        case .managerAssigned, .managerRemoved, .managerTypeChanged: row?.directManagers += change.addedDirectManagers
        case .renamed, .roleChanged, .accountLinked, .accountUnlinked, .profileChanged: break
        }
    }

    public static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }

    public static func values(of row: ListedEmployee) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.created), .text(row.status.rawValue), .text(row.type),
            .text(row.emailKey), .integer(row.directManagers),
        ]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID {
        guard case .uuid(let id) = values[0] else { throw UnreadableRow(name, "its key is not a UUID") }
        return id
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> ListedEmployee {
        guard case .uuid(let organization) = values[0], case .integer(let created) = values[1],
            case .text(let word) = values[2], let status = Status(rawValue: word), case .text(let type) = values[3],
            case .integer(let directManagers) = values[5]
        else { throw UnreadableRow(name, "a column is of the wrong type") }
        let emailKey: String? = if case .text(let key) = values[4] { key } else { nil }
        return ListedEmployee(
            organization: organization, created: created, status: status, type: type, emailKey: emailKey,
            directManagers: directManagers)
    }
}

extension EmployeeEvent {
    /// By how many the event raises the number of lines of the default type.
    fileprivate var addedDirectManagers: Int64 {
        switch self {
        case .managerAssigned(_, DefaultType.line): 1
        case .managerRemoved(_, DefaultType.line): -1
        case .managerTypeChanged(_, let type):
            (type.to == DefaultType.line ? 1 : 0) - (type.from == DefaultType.line ? 1 : 0)
        default: 0
        }
    }
}
