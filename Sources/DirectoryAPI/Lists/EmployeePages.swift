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
        .employees { request, scope in
            let input = FoundBy(organization: scope.facts.organization, argument: argument)
            return try await keys.run(request.service.walks, request.caller, scope.moment, input).first ?? []
        }
    }

    /// Employees of an organization whose keys are found at once.
    static func employees(
        found keys: @escaping @Sendable (APIRequest, ListScope) async throws -> [Int64]
    ) -> EntityList {
        .found(keys, EmployeePages.byKeys)
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
