import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import ReportingLinesProjection

extension View {
    /// Whether an employee is a manager of another over lines of a type, at any distance, or is the same.
    /// - Parameters:
    ///   - explored: employees whose managers have been examined already, without success; those examined now are added.
    ///   - find: finds an employee, if that is not the view's row.
    /// - Throws: a refusal if there are more than `View.stepLimit` managers.
    func isManager(
        _ employee: UUID, above start: UUID, over type: String, exceptAbove explored: inout Set<UUID>,
        _ find: FindEmployee? = nil
    ) throws -> Bool {
        if start == employee { return true }
        guard explored.insert(start).inserted else { return false }
        var next = [start]
        while let id = next.popLast() {
            let walk = Load.managers(above: [id], over: type)
            let row = try find.map { try $0(id, walk) } ?? row(Employees.self, id, else: walk)
            for line in row?.managers ?? [] where line.type == type {
                if line.manager == employee { return true }
                if explored.insert(line.manager).inserted { next.append(line.manager) }
            }
            guard explored.count <= View.stepLimit else {
                throw Refusal.rule("More than \(View.stepLimit) employees are above the manager.")
            }
        }
        return false
    }

    /// Refuses a line that would close a cycle, or whose manager cannot have it.
    func checkLine(
        from employee: Employee, to manager: UUID, type: String, at pointer: String,
        exceptAbove explored: inout Set<UUID>, _ find: FindEmployee? = nil
    ) throws {
        let other = try find.map { try $0(manager, nil) } ?? row(Employees.self, manager)
        guard let other, other.organization == employee.organization else {
            throw Refusal.rule(at: pointer, "There is no such employee in the organization.")
        }
        guard manager != employee.id else {
            throw Refusal.rule(at: pointer, "An employee cannot report to themselves.")
        }
        guard other.isActive else { throw Refusal.rule(at: pointer, "The manager is not active.") }
        guard try !isManager(employee.id, above: manager, over: type, exceptAbove: &explored, find) else {
            throw Refusal.rule(at: pointer, "The manager already reports to this employee over lines of type \(type).")
        }
    }
}

/// Finds an employee; if it is not held, the rows of a walk are loaded instead of the one.
typealias FindEmployee = (UUID, Load?) throws -> Employee?

extension Load {
    /// All managers of any of these employees over lines of a type, at any distance, and the employees themselves.
    static func managers(above employees: [UUID], over type: String) -> Load {
        let ids = "{\(employees.map(\.text).joined(separator: ","))}"
        return .walk(Employees.self, ReportingLines.managersAbove, from: [.text(ids), .text(type)])
    }
}
