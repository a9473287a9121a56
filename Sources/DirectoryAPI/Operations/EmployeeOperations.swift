import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres

extension Presentation {
    static let employee = Presentation.entity(Employees.self, EmployeeReads.byID)
    static let employeeProfile = Presentation.profile(Employees.self, EmployeeReads.byID)
}

extension Operations {
    static let employees: [Operation] =
        records
        + status(
            at: "/api/v1/employee/{employee}", .employees, "its lines and grants end", access: .permission(.change),
            shows: .employee
        ) { EmployeeStatus($0.uuid("employee")) }
        + [erase, byName]
        + profile(
            of: Employees.self, 37, .employees, shows: .employeeProfile,
            editors: .special(.change, "the employee itself; a MANAGER above it over DIRECT lines")
        ) { ChangeEmployeeProfile($0, $1) }
        + [byAccount]

    private static let records: [Operation] = [
        .list(
            "/api/v1/employee", "listEmployees", 29, .employees, "List employees", access: .permission(.read),
            query: [
                QueryParameter("status", .word, "Only those of this status.", example: "ACTIVE"),
                QueryParameter("type", .word, "Only those of this type.", example: "EMPLOYEE"),
                QueryParameter("email", .email, "Only those with this e-mail address."),
                QueryParameter(
                    "manager", .choice(["none", "inactive"]),
                    "Only active ones without a DIRECT manager, or with one who is INACTIVE or ERASED."),
            ], of: "Employee"
        ) { request in
            let filter = EmployeeFilter(
                status: request.query("status"), type: request.query("type"),
                email: request.query("email").map(SearchText.emailKey),
                manager: request.query("manager").flatMap { EmployeeFilter.Manager(rawValue: $0) })
            return try await request.list(from: { try await $0.currentOrganization(at: $1) }) { _ in
                .employees(filter)
            }
        },
        .mutation(
            .post, "/api/v1/employee", "createEmployee", 30, .employees, "Create employee",
            access: .permission(.change),
            body: NewEmployee.self, shows: .employee, created: { "/api/v1/employee/\($1.text)" }
        ) { request, body in
            CreateEmployee(
                id: request.newID(), name: body.name, email: body.email, account: body.account, role: body.role,
                type: body.type)
        },
        .get(
            "/api/v1/employee/me", "getOwnEmployee", nil, .employees,
            "Get the caller's employee in the current organization", access: .permission(.read), shows: .employee
        ) { try await $0.currentEntity(.employee, EmployeeReads.own, (), at: $1).entity },
        .get(
            "/api/v1/employee/{employee}", "getEmployee", 31, .employees, "Get employee", access: .permission(.read),
            shows: .employee, of: "employee"),
        .mutation(
            .patch, "/api/v1/employee/{employee}", "updateEmployee", 32, .employees, "Update employee",
            access: .permission(.change), body: EmployeePatch.self, shows: .employee
        ) { request, body in
            ChangeEmployee(
                request.uuid("employee"), name: body.name, email: body.email, account: body.account, role: body.role,
                type: body.type)
        },
    ]

    private static let erase = Operation.mutation(
        .post, "/api/v1/employee/{employee}/erase", "eraseEmployee", nil, .employees,
        "Erase employee, for good: what people wrote of it, at every moment; its lines, grants and link end",
        access: .permission(.own), body: ErasureBody.self, shows: .employee
    ) { request, body in EraseEmployee(request.uuid("employee"), reason: body.reason) }

    private static let byName = Operation.list(
        "/api/v1/employee/by-name/{name}", "findEmployeesByName", 33, .employees,
        "Get employees by name: every word begins a word of the name", access: .permission(.read), of: "Employee"
    ) { request in
        let searches = SearchText.searches(try request.searched("name"))
        return try await request.list(from: { try await $0.currentOrganization(at: $1) }) { _ in
            .employees(named: searches)
        }
    }

    private static let byAccount = Operation.get(
        "/api/v1/employee/by-account/{accountId}", "getEmployeeByAccount", 40, .employees,
        "Get employee by account ID, in the current organization", access: .permission(.read), shows: .employee
    ) {
        try await $0.currentEntity(.employee, EmployeeReads.byAccount, $0.uuid("accountId"), at: $1).entity
    }
}

extension APIRequest {
    /// An id for what the request makes.
    func newID() -> UUID {
        .version7(at: .now)
    }
}
