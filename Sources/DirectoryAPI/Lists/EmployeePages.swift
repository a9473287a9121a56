import Directory
import EmployeesProjection
import FoundationEssentials
import Postgres

/// How pages of employees of one organization are read.
enum EmployeePages {
    /// All of them.
    static let all = ReadStatement<PageOf<Void>, Keyed<EmployeeColumns>>(take) { sql, parameters, columns in
        PageSQL(Employees.self, sql, columns, in: parameters.organization()).along(parameters)
    }

    /// Those of these keys.
    static let byKeys = ReadStatement<PageByKeys, Keyed<EmployeeColumns>>(take) { sql, parameters, columns in
        PageSQL(Employees.self, sql, columns, in: parameters.organization()).byKeys(parameters)
    }

    /// The columns of an employee `e`, with its key.
    @Sendable static func take(
        _ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller
    ) throws -> Keyed<EmployeeColumns> {
        Keyed(key: try columns.int("k.created"), row: try EmployeeColumns(&columns, sql))
    }

    @Sendable static func render(_ employee: EmployeeColumns, _ facts: CallerFacts) -> [UInt8] {
        employee.rendered(for: facts.account, with: facts.roles)
    }
}

extension EntityList {
    /// Employees of an organization whose keys are found at once, by a statement that gives them in order.
    static func employees<Argument>(
        found keys: ReadStatement<FoundBy<Argument>, [Int64]>, _ argument: Argument
    ) -> EntityList {
        .employees { request, scope in
            let input = FoundBy(organization: scope.facts.organization, argument: argument)
            return try await keys.run(request.service.walks, request.caller, scope.moment, input).first ?? []
        }
    }

    /// Employees of an organization whose keys are found at once.
    static func employees(
        found keys: @escaping @Sendable (APIRequest, ListScope) async throws -> [Int64]
    ) -> EntityList {
        .found(keys, EmployeePages.byKeys, render: EmployeePages.render)
    }
}

/// What a statement takes that finds all keys of a list in an organization.
struct FoundBy<Argument: Sendable>: Sendable {
    let organization: UUID?
    let argument: Argument
}

extension Parameters {
    /// The organization in which keys are found.
    func organization<Argument>() -> String where Input == ReadInput<FoundBy<Argument>> {
        uuid { $0.argument.organization }
    }
}
