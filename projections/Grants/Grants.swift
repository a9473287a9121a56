import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// A role that an account has in an organization, or on the platform.
public struct Grant: Sendable, Equatable {
    /// What tells grants apart: an account has a role in an organization once.
    public struct Key: Hashable, Sendable {
        /// The account.
        public let account: UUID
        /// The organization; `nil` for the platform.
        public let organization: UUID?
        /// The role's word.
        public let role: String

        /// The grant of a role.
        /// - Parameter organization: `nil` or `Grants.platform` for the platform: one grant has one key.
        public init(account: UUID, organization: UUID?, role: String) {
            self.account = account
            self.organization = organization == Grants.platform ? nil : organization
            self.role = role
        }
    }

    /// Account, organization and role.
    public let key: Key
    /// The employee that the grant is tied to: it ends when the employee is deactivated.
    public var employee: UUID?
    /// The position of the event that granted it: an account shows its grants in this order.
    public let created: Position

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 160)
        writer.beginObject()
        if let organization = key.organization { writer.member("orgId", organization.text) }
        writer.member("role", key.role)
        if let employee { writer.member("employeeId", employee.text) }
        writer.endObject()
        return writer.bytes
    }
}

/// Grants by account, organization and role. Serve accounts' `grants`, and every authority.
public enum Grants: Projection {
    public static let name = "grants"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("account", .uuid), Column("organization", .uuid), Column("role", .text)],
        [Column("employee", .uuid), Column("created", .integer), Column("json", .json)]
    )
    /// The platform in the key's column, which cannot be NULL.
    public static let platform = UUID(high: 0, low: 0)

    /// The grants of an account in an organization (or on the platform).
    public static let byAccount = Lookup<Grants>(0, by: ["account", "organization"]) {
        [.uuid($0.key.account), .uuid($0.key.organization ?? platform)]
    }
    /// All grants that end with an employee.
    public static let byEmployee = Lookup<Grants>(1, by: ["employee"]) { $0.employee.map { [.uuid($0)] } }
    /// All grants of a role in an organization (or on the platform).
    public static let byRole = Lookup<Grants>(2, by: ["organization", "role"]) {
        [.uuid($0.key.organization ?? platform), .text($0.key.role)]
    }
    /// All grants of an account.
    public static let byAccountAnywhere = BoundedLookup<Grants>(3, by: ["account"], most: 1000) {
        [.uuid($0.key.account)]
    }
    /// All grants of a role to an account.
    public static let byAccountAndRole = BoundedLookup<Grants>(4, by: ["account", "role"], most: 1000) {
        [.uuid($0.key.account), .text($0.key.role)]
    }
    public static let lookups = [byAccount, byEmployee, byRole, byAccountAnywhere.lookup, byAccountAndRole.lookup]

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [.grant]

    public static func keys(of payload: DirectoryEvent) -> [Grant.Key] {
        switch payload {
        case .account(let account, let organization, .roleGranted(let role, _, _)),
            .account(let account, let organization, .roleRevoked(let role, _)):
            [Grant.Key(account: account, organization: organization, role: role)]
        default: []
        }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Grant?, at key: Grant.Key) {
        switch event.payload {
        case .account(_, _, .roleGranted(_, let employee, _)):
            row = Grant(key: key, employee: employee, created: row?.created ?? event.position)
        case .account(_, _, .roleRevoked): row = nil
        default: break
        }
    }

    public static func values(of key: Grant.Key) -> [ColumnValue] {
        [.uuid(key.account), .uuid(key.organization ?? platform), .text(key.role)]
    }

    public static func values(of row: Grant) -> [ColumnValue] {
        [.uuid(row.employee), .integer(row.created), .json(row.json)]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Grant.Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return Grant.Key(
            account: try columns.uuid("account"), organization: try columns.uuid("organization"),
            role: try columns.text("role"))
    }

    public static func row(at key: Grant.Key, from values: [ColumnValue]) throws(UnreadableRow) -> Grant {
        let columns = ColumnReader(row: values, of: Self.self)
        return Grant(
            key: key, employee: try columns.uuidIfPresent("employee"), created: try columns.integer("created"))
    }
}
