import Testing

/// An organization with a member in every role, and a foreign one.
struct Cast: Sendable {
    let server: Server
    let organization: String
    let owner, administrator, manager, employee, auditor: Person
    /// The employees of `manager` and `employee`; the second reports to the first.
    let managerEmployee, employeeEmployee: String
    /// Owner of `foreign`, without any part in `organization`.
    let stranger: Person
    let foreign: String
    /// Was OWNER of `organization` too; its account is INACTIVE.
    let inactive: Person

    /// - Parameter server: the shared one if not given.
    static func make(_ server: Server? = nil) async throws -> Cast {
        let server = if let server { server } else { try await Server.shared }
        let (organization, owner) = try await server.makeOrganization()
        let (foreign, stranger) = try await server.makeOrganization()
        func member(_ role: String) async throws -> Person {
            try await server.makeMember(role, of: organization, by: owner)
        }
        let (manager, employee, inactive) = try await (member("MANAGER"), member("EMPLOYEE"), member("OWNER"))
        let managerEmployee = try await server.makeEmployee(
            organization, by: owner, name: "Mona Manager", account: manager)
        let employeeEmployee = try await server.makeEmployee(
            organization, by: owner, name: "Emil Employee", account: employee)
        try await server.assign(managerEmployee, to: employeeEmployee, by: owner)
        let gone = try await server.delete("/account/\(inactive.id)", as: server.admin)
        try #require(gone.status == 200)
        return Cast(
            server: server, organization: organization, owner: owner, administrator: try await member("ADMIN"),
            manager: manager, employee: employee, auditor: try await member("AUDITOR"),
            managerEmployee: managerEmployee,
            employeeEmployee: employeeEmployee, stranger: stranger, foreign: foreign, inactive: inactive)
    }
}
