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
            // If this one is not held, those after it are not either: one walk brings all of them.
            let walks = { ([id] + next).map { Load.managers(above: $0, over: type) } }
            let row = try find.map { try $0(id, walks) } ?? row(Employees.self, id, else: walks())
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
        let other = try find.map { try $0(manager, { [] }) } ?? row(Employees.self, manager)
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

/// Finds an employee; one that is not held is loaded, with what these walks reach.
typealias FindEmployee = (UUID, () -> [Load]) throws -> Employee?

extension Load {
    /// All managers above an employee over lines of a type, and the employee.
    static func managers(above employee: UUID, over type: String) -> Load {
        .walk(Employees.self, ReportingLines.managersAbove(over: type), from: .uuid(employee))
    }
}
