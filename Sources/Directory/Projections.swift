import AccountsProjection
import DirectoryEvents
import EmployeeFacetsProjection
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import GrantsProjection
import OrganizationsProjection
import ReportingLinesProjection

/// All projections of the directory, in the order in which a rebuild reports them.
public let projections: [any Projection<DirectoryEvent>.Type] = [
    Organizations.self, Accounts.self, Grants.self, Employees.self, ReportingLines.self, EmployeeNames.self,
    EmployeeFacets.self,
]

/// All tables that are kept alongside the log.
public let sideTables: [any SideTable.Type] = [Receipts.self]
