import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// A line from an employee to a manager.
public struct ReportingLine: Sendable, Equatable {
    /// Both ends: there is one line between them at most.
    public struct Key: Hashable, Sendable {
        /// The employee that reports.
        public let employee: UUID
        /// The employee that they report to.
        public let manager: UUID

        /// The line between two employees.
        public init(employee: UUID, manager: UUID) {
            self.employee = employee
            self.manager = manager
        }
    }

    /// Both ends.
    public let key: Key
    /// The line's type: `DIRECT`.
    public var type: String
}

/// Reporting lines by both ends. Serve operation 41, chains, and `manager=` of operation 29; an employee's own lines are
/// in its JSON too.
public enum ReportingLines: Projection {
    public static let name = "reporting_lines"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("employee", .uuid), Column("manager", .uuid)], [Column("type", .text)]
    )

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [.reportingLine]

    /// From employees to all their managers over lines of a type, at any distance; the employees included.
    public static func managersAbove(over type: String) -> Walk { Walk(keys: upwards, type) }

    private static let upwards = WalkQuery<String> {
        """
        with recursive above(id) as (
            select unnest(\($0.starts(.uuid)))
            union
            select l.manager from above join \(schemaName).current l on l.employee = above.id
            where l.type = \($0.text { $0 })
        ) select id from above limit \(View.stepLimit + 1)
        """
    }

    public static func keys(of payload: DirectoryEvent) -> [ReportingLine.Key] {
        switch payload {
        case .employee(let employee, _, .managerAssigned(let manager, _)),
            .employee(let employee, _, .managerRemoved(let manager, _)),
            .employee(let employee, _, .managerTypeChanged(let manager, _)):
            [ReportingLine.Key(employee: employee, manager: manager)]
        default: []
        }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout ReportingLine?, at key: ReportingLine.Key) {
        switch event.payload {
        case .employee(_, _, .managerAssigned(_, let type)): row = ReportingLine(key: key, type: type)
        case .employee(_, _, .managerTypeChanged(_, let type)): row?.type = type.to ?? ""
        case .employee(_, _, .managerRemoved): row = nil
        default: break
        }
    }

    public static func values(of key: ReportingLine.Key) -> [ColumnValue] { [.uuid(key.employee), .uuid(key.manager)] }

    public static func values(of row: ReportingLine) -> [ColumnValue] { [.text(row.type)] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> ReportingLine.Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return ReportingLine.Key(employee: try columns.uuid("employee"), manager: try columns.uuid("manager"))
    }

    public static func row(at key: ReportingLine.Key, from values: [ColumnValue]) throws(UnreadableRow) -> ReportingLine
    {
        ReportingLine(key: key, type: try ColumnReader(row: values, of: Self.self).text("type"))
    }
}
