import AccountsProjection
import AppsProjection
import DirectoryEvents
import DirectoryRows
import EmployeeFacetsProjection
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import MembershipSetsProjection
import OrganizationKeysProjection
import MappingsProjection
import OrganizationsProjection
import PreferencesProjection
import ReportingLinesProjection
import WebhooksProjection

/// All projections of the directory, in the order in which a rebuild reports them.
public let projections: [any Projection<DirectoryEvent>.Type] = [
    Organizations.self, Accounts.self, Grants.self, Employees.self, ReportingLines.self, EmployeeNames.self,
    EmployeeFacets.self, OrganizationKeys.self, Groups.self, GroupMemberships.self, MembershipSets.self,
    Apps.self, Mappings.self, Preferences.self, Webhooks.self,
]

extension EntityKind {
    /// The projection of its entities.
    public var entities: any EntityProjection.Type {
        switch self {
        case .organization: Organizations.self
        case .account: Accounts.self
        case .employee: Employees.self
        case .group: Groups.self
        }
    }
}

/// All tables that are kept alongside the log.
public let sideTables: [any SideTable.Type] = [Receipts.self, Secrets.self, Readings.self, WebhookProgresses.self]
