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
}

/// Employees by what lists filter and order by. Serves operation 29; written only when one of these facets changes.
public enum EmployeeFacets: Projection {
    public static let name = "employee_facets"
    public static let version = 2
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("employee", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("status", .text), Column("type", .text),
            Column("email_key", .text),
        ]
    )

    public static let erasedBy: String? = "employee"
    public static let topics: Set<DirectoryEvent.Topic> = [.employeeCreation, .employeeFacet]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        switch payload {
        case .employee(let id, _, let change):
            switch change {
            case .created, .emailChanged, .typeChanged: [id]
            case .renamed, .roleChanged, .accountLinked, .accountUnlinked, .managerAssigned, .managerRemoved,
                .managerTypeChanged:
                []
            }
        case .entity(let entity, _, .deactivated), .entity(let entity, _, .activated), .entity(let entity, _, .erased):
            entity.kind == .employee ? [entity.id] : []
        default: []
        }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout ListedEmployee?, at key: UUID) {
        switch event.payload {
        case .employee(_, let organization, .created(_, let email, _, let type, _)):
            row = ListedEmployee(
                organization: organization, created: event.position, status: .active, type: type,
                emailKey: email.text.map(SearchText.emailKey))
        case .employee(_, _, .emailChanged(let email)): row?.emailKey = email.to.map(SearchText.emailKey)
        case .employee(_, _, .typeChanged(let type)): row?.type = type.to ?? ""
        case .entity(_, _, .deactivated): row?.status = .inactive
        case .entity(_, _, .activated): row?.status = .active
        case .entity(_, _, .erased):
            row?.status = .erased
            row?.emailKey = nil
        default: break
        }
    }

    public static func values(of row: ListedEmployee) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.created), .text(row.status.rawValue), .text(row.type),
            .text(row.emailKey),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> ListedEmployee {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let status = Status(rawValue: try columns.text("status")) else { throw columns.unreadable("status") }
        return ListedEmployee(
            organization: try columns.uuid("organization"), created: try columns.integer("created"), status: status,
            type: try columns.text("type"), emailKey: try columns.textIfPresent("email_key"))
    }
}
