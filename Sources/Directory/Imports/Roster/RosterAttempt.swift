import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// An attempt to carry out rows, all of which are well-formed.
struct RosterAttempt {
    /// None is made by a plan.
    static let importID = UUID(high: 0, low: 0)

    private let file: RosterFile
    private var state: ImportState
    private var rows: [RosterFile.Row] = []
    private(set) var faults: [RosterFault] = []
    private var refusedNow: Set<Int> = []
    private var missing: [Load] = []
    private var lines: [ImportLine] = []
    private var events: [Int: [DirectoryEvent]] = [:]
    private var newGroups: [RosterPlan.NewGroup] = []
    private var ids: UInt64 = 0

    init(_ file: RosterFile, _ state: ImportState) {
        self.file = file
        self.state = state
    }

    mutating func carryOut(_ rows: [RosterFile.Row]) throws {
        self.rows = rows
        for row in rows {
            if let refusal = try carryOut(.listed(email: row.email, row.fields), row) { refuse(row, refusal) }
        }
        try makeGroups()
        try assignManagers()
        for row in rows where isGood(row) {
            for group in row.groups {
                let join = ImportLine.Change.join(.person(email: row.email), group: group, type: nil)
                if let refusal = try carryOut(join, row) { refuse(row, refusal) }
            }
        }
        guard missing.isEmpty else { throw Missing(missing) }
    }

    /// What came of it.
    func plan(_ faults: [RosterFault]) throws -> RosterPlan {
        let people = rows.compactMap { row -> RosterPlan.Person? in
            guard let events = events[row.line] else { return nil }
            let name = row.fields.name ?? (try? state.find(email: row.email))?.name ?? ""
            return RosterPlan.Person(line: row.line, name: name, email: row.email, events: events)
        }
        return RosterPlan(
            lines: lines, people: people, groups: newGroups, unchanged: rows.count - people.count, faults: faults,
            names: try names(in: people.flatMap(\.events)))
    }

    // MARK: Steps

    private mutating func makeGroups() throws {
        var names: [String: Refusal?] = [:]
        for row in rows where isGood(row) {
            for group in row.groups {
                let key = SearchText.caseless(group)
                if names[key] == nil {
                    let count = lines.count
                    names[key] = .some(try carryOut(.needGroup(name: group), row, isOfPerson: false))
                    if lines.count > count { newGroups.append(RosterPlan.NewGroup(line: row.line, name: group)) }
                }
                if case .some(.some(let refusal)) = names[key] { refuse(row, refusal, "“\(group)”: ") }
            }
        }
    }

    /// In whichever order the rows are: where people change places, a line may be possible only after another one has changed. As long
    /// as the lines that are to be have no circle, the uppermost of them that has not been drawn is possible.
    private mutating func assignManagers() throws {
        var pending: [(row: RosterFile.Row, manager: String)] = []
        for row in rows where isGood(row) {
            guard let manager = row.manager else { continue }
            if try exists(manager) { pending.append((row, manager)) } else { refuseManager(of: row) }
        }
        while !pending.isEmpty {
            var refused: [(row: RosterFile.Row, manager: String, refusal: Refusal)] = []
            for (row, manager) in pending {
                if let refusal = try carryOut(.setManager(email: row.email, manager: manager), row) {
                    refused.append((row, manager, refusal))
                }
            }
            guard refused.count < pending.count else {
                for (row, _, refusal) in refused { refuse(row, refusal) }
                return
            }
            pending = refused.map { ($0.row, $0.manager) }
        }
    }

    /// What is not known yet counts as there.
    private mutating func exists(_ email: String) throws -> Bool {
        do {
            return try state.find(email: email) != nil || !missing.isEmpty
        } catch let more as Missing {
            missing += more.loads
            return true
        }
    }

    /// - Returns: a refusal, where the state before it is known for certain.
    private mutating func carryOut(
        _ change: ImportLine.Change, _ row: RosterFile.Row, isOfPerson: Bool = true
    ) throws -> Refusal? {
        ids += 1
        let line = ImportLine(number: row.line, at: nil, change: change)
        let count = state.events.count
        do {
            try state.carryOut(line, of: Self.importID, new: UUID(high: 0, low: ids))
        } catch let more as Missing {
            missing += more.loads
            return nil
        } catch let refusal as Refusal {
            return missing.isEmpty ? refusal : nil
        }
        guard state.events.count > count else { return nil }
        lines.append(line)
        if isOfPerson { events[row.line, default: []] += state.events[count...].map(\.payload) }
        return nil
    }

    // MARK: Refusing

    private func isGood(_ row: RosterFile.Row) -> Bool { !refusedNow.contains(row.line) }

    private mutating func refuse(_ row: RosterFile.Row, _ refusal: Refusal, _ prefix: String = "") {
        let column: RosterColumn? =
            switch refusal.fields.first?.pointer {
            case "/name": .name
            case "/manager": .manager
            case "/group": .groups
            default: nil
            }
        refuse(row, column, prefix + refusal.detail)
    }

    private mutating func refuseManager(of row: RosterFile.Row) {
        let line = row.managerKey.flatMap { file.lines[$0] }
        refuse(
            row, .manager,
            line.map { "the person of line \($0), which is refused, is not in the directory" }
                ?? "nobody in the file or the directory has this address")
    }

    private mutating func refuse(_ row: RosterFile.Row, _ column: RosterColumn?, _ reason: String) {
        refusedNow.insert(row.line)
        faults.append(
            RosterFault(line: row.line, column: column.flatMap { file.columns.title($0) ?? "name" }, reason))
    }

    // MARK: Names

    private func names(in events: [DirectoryEvent]) throws -> [UUID: String] {
        var people: Set<UUID> = []
        var groups: Set<UUID> = []
        for event in events {
            switch event {
            case .employee(_, _, .managerAssigned(let manager, _)), .employee(_, _, .managerRemoved(let manager, _)),
                .employee(_, _, .managerTypeChanged(let manager, _)):
                people.insert(manager)
            case .membership(_, _, let change): groups.insert(change.group)
            default: break
            }
        }
        let found =
            try Missing.gathering(people) { ($0, try state.view.row(Employees.self, $0)?.name) }
            + Missing.gathering(groups) { ($0, try state.view.row(Groups.self, $0)?.name) }
        return Dictionary(found.compactMap { id, name in name.map { (id, $0) } }) { first, _ in first }
    }
}
