import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// A line from an employee to a manager.
public struct ReportingLine: Sendable, Equatable {
    /// Both ends: there is one line between them at most.
    public struct Key: Hashable, Sendable {
        /// Who reports.
        public let employee: UUID
        /// To whom.
        public let manager: UUID

        /// The line between two employees.
        public init(employee: UUID, manager: UUID) {
            self.employee = employee
            self.manager = manager
        }
    }

    /// Both ends.
    public let key: Key
    /// The word that says of what kind it is: `DIRECT`.
    public var type: String
}

/// Reporting lines by both ends. Serve operation 41, chains, and `manager=` of operation 29; an employee's own lines stand in
/// its JSON too.
public enum ReportingLines: Projection {
    public static let name = "reporting_lines"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("employee", .uuid), Column("manager", .uuid)], [Column("type", .text)]
    )

    public static let topics: Set<DirectoryEvent.Topic> = [.reportingLine]

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
        guard case .uuid(let employee) = values[0], case .uuid(let manager) = values[1]
        else { throw UnreadableRow(name, "its key is of the wrong type") }
        return ReportingLine.Key(employee: employee, manager: manager)
    }

    public static func row(at key: ReportingLine.Key, from values: [ColumnValue]) throws(UnreadableRow) -> ReportingLine
    {
        guard case .text(let type) = values[0] else { throw UnreadableRow(name, "type is not text") }
        return ReportingLine(key: key, type: type)
    }
}
