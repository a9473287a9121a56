import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// Carries out a run of lines of a history, all or none, each on the state that those before it leave.
public struct ImportLines: Command {
    /// How many lines to carry out in one command: few enough for the events of one append, many enough for one flush.
    public static let most = 500

    private let lines: [HistoryLine]
    private let `import`: UUID
    private let organization: UUID
    private let newIDs: [UUID]

    /// A run of lines.
    /// - Parameters:
    ///   - import: the import that was started.
    ///   - now: the moment recorded in new ids.
    public init(_ lines: some Sequence<HistoryLine>, of import: UUID, into organization: UUID, now: Instant) {
        self.lines = Array(lines)
        self.import = `import`
        self.organization = organization
        newIDs = self.lines.map { _ in .version7(at: now) }
    }

    public var loads: [Load] {
        lines.flatMap(\.addresses).map {
            .lookup(Employees.byEmail, [.uuid(organization), .text(SearchText.emailKey($0))])
        }
    }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Int) {
        var state = ImportState(view, organization)
        // One pass finds what all lines miss: were the first miss thrown, each would cost the run another pass and a round trip.
        var missing: [Load] = []
        for (line, id) in zip(lines, newIDs) {
            state.begin(line, of: `import`)
            do {
                try state.carryOut(line, new: id)
            } catch let more as Missing {
                missing += more.loads
            } catch let refusal as Refusal {
                // After a line that could not be carried out the state is not what it will be, and neither are refusals.
                guard !missing.isEmpty else { throw RefusedLine(line: line.number, refusal: refusal) }
            }
        }
        guard missing.isEmpty else { throw Missing(missing) }
        if !state.changes.isEmpty { try view.checkActive(organization) }
        return (Decision(state.changes, by: .system), state.changes.count)
    }

    /// How many events it took.
    public func respond(_ view: View, _ outcome: Outcome, _ finding: Int) throws -> Int { finding }
}

/// A line that a rule refuses.
public struct RefusedLine: Error, CustomStringConvertible {
    /// The line's number.
    public let line: Int
    /// Why.
    public let refusal: Refusal

    public var description: String { "line \(line): \(refusal.detail)" }
}

extension ImportState {
    /// Carries out a line.
    /// - Parameter new: the id that its employee gets, if it is made.
    fileprivate mutating func carryOut(_ line: HistoryLine, new: UUID) throws {
        switch line.change {
        case .hire(let name, let role, let location):
            let employee = try hire(line.email, name, role, new)
            if let location { try set("location", of: employee, to: location) }
        case .leave: try leave(try employee(email: line.email))
        case .setManager(let manager):
            try report(try employee(email: line.email), to: try employee(email: manager).id)
        case .unsetManager(let manager):
            let employee = try employee(email: line.email)
            let manager = try self.employee(email: manager).id
            for line in employee.managers where line.manager == manager && line.type == DefaultType.line {
                try add(.managerRemoved(manager, type: line.type), to: employee.id)
            }
        case .role(let role):
            let employee = try employee(email: line.email)
            if let change = FieldEdit(role).change(from: employee.role) {
                try add(.roleChanged(change), to: employee.id)
            }
        case .location(let location): try set("location", of: try employee(email: line.email).id, to: location)
        }
    }

    private mutating func hire(_ email: String, _ name: String, _ role: String?, _ new: UUID) throws -> UUID {
        guard let employee = try find(email: email) else {
            let created = EmployeeEvent.created(
                name: Erasable(name), email: Erasable(email), role: role.map { Erasable($0) },
                type: DefaultType.employee,
                account: nil)
            try add(created, to: new)
            return new
        }
        if !employee.isActive {
            if let account = employee.account { try checkLink(to: account, for: employee.id) }
            try add(.activated, to: employee.id)
        }
        if let change = FieldEdit.set(name).change(from: employee.name) { try add(.renamed(change), to: employee.id) }
        if let change = FieldEdit.set(email).change(from: employee.email) {
            try add(.emailChanged(change), to: employee.id)
        }
        if let role, let change = FieldEdit.set(role).change(from: employee.role) {
            try add(.roleChanged(change), to: employee.id)
        }
        return employee.id
    }

    private mutating func leave(_ employee: Employee) throws {
        guard employee.isActive else { return }
        let memberships = try takeMemberships(of: EntityReference(.employee, employee.id))
        for event in employee.departure(with: memberships) { try add(event) }
        try endGrants(tiedTo: employee)
        try endMemberships(ofAccountOf: employee)
    }

    private mutating func report(_ employee: Employee, to manager: UUID) throws {
        guard employee.isActive else { throw Refusal.rule("The employee is not active.") }
        let others = employee.managers.filter { $0.manager != manager && $0.type == DefaultType.line }
        let line = employee.managers.first { $0.manager == manager }
        for other in others { try add(.managerRemoved(other.manager, type: other.type), to: employee.id) }
        guard line?.type != DefaultType.line else { return }
        try checkLine(from: employee, to: manager)
        if let line {
            try add(.managerTypeChanged(manager, Change(from: line.type, to: DefaultType.line)), to: employee.id)
        } else {
            guard employee.managers.count - others.count < View.mostManagers else {
                throw Refusal.rule("An employee has \(View.mostManagers) managers at most.")
            }
            try add(.managerAssigned(manager, type: DefaultType.line), to: employee.id)
        }
    }

    private mutating func set(_ field: String, of employee: UUID, to value: String?) throws {
        let old = try find(employee)?.profile.values[field]
        guard let change = FieldEdit(value).change(from: old) else { return }
        try add(.profileChanged([ProfileChange(field, change)]), to: employee)
    }
}

extension FieldEdit {
    /// What a line says about a field: it gets a value, or is cleared.
    fileprivate init(_ value: Value?) { self = value.map { .set($0) } ?? .clear }
}
