import CanonicalJSON
import EmployeesProjection
import FoundationEssentials

/// The statements that read one employee.
enum EmployeeReads {
    static let byID = EntityReads.byID(Employees.self)

    /// The active one of an account in the current organization.
    static let byAccount = EntityReads.ofCurrentOrganization(Employees.self) { (p: ReadParameters<UUID>) in
        "e.account = \(p.uuid { $0.argument }) and e.status = \(ReadSQL.active)"
    }

    /// The caller's active one in the current organization.
    static let own = EntityReads.ofCurrentOrganization(Employees.self) { (_: ReadParameters<Void>) in
        "e.account = ctx.id and e.status = \(ReadSQL.active)"
    }
}

extension EntityRead {
    /// The reporting lines of an employee.
    func managers() throws -> APIResponse {
        let parsed = try JSON(parsing: version.columns.json, limits: .trusted)
        let lines = parsed["managers"]?.array ?? []
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginArray()
        for line in lines { writer.objectInOrder(line.members ?? []) }
        writer.endArray()
        return reply(writer.bytes)
    }
}
