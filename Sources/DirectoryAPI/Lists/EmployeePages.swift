import EmployeesProjection
import FoundationEssentials
import Postgres

/// How pages of employees of one organization are read.
enum EmployeePages {
    static let all = EntityPages.all(Employees.self)
    static let byKeys = EntityPages.byKeys(Employees.self)
}

extension EntityList {
    /// Employees of an organization whose keys are found at once, by a statement that gives them in order.
    static func employees<Argument>(
        found keys: ReadStatement<FoundBy<Argument>, [Int64]>, _ argument: Argument
    ) -> EntityList {
        .found(by: keys, argument, EmployeePages.byKeys, render: EntityPages.render)
    }

    /// Employees of an organization whose keys are found at once.
    static func employees(
        found keys: @escaping @Sendable (APIRequest, ListScope) async throws -> [Int64]
    ) -> EntityList {
        .found(keys, EmployeePages.byKeys)
    }
}
