import Directory
import DirectoryEvents
import FoundationEssentials

/// What a roster changes, as a person reads it.
struct RosterText {
    let plan: RosterPlan

    /// A line for each group that is made and each person that is changed, in the order of the file.
    var changes: [String] {
        let groups = plan.groups.map { (line: $0.line, text: "makes the group \($0.name)") }
        let people = plan.people.map { (line: $0.line, text: text($0)) }
        return (groups + people).sorted { $0.line < $1.line }.map { "line \($0.line): \($0.text)" }
    }

    /// `Added: 12 people, 2 groups. Changed: 3 people. As they were: 85 people.`
    func summary(isDryRun: Bool) -> String {
        let new = plan.people.count { $0.isNew }
        let groups = plan.groups.isEmpty ? "" : ", " + counted(plan.groups.count, "group", "groups")
        func people(_ count: Int) -> String { counted(count, "person", "people") }
        return (isDryRun ? "This would be the result. " : "")
            + "Added: \(people(new))\(groups). Changed: \(people(plan.people.count - new)). "
            + "As they were: \(people(plan.unchanged))."
    }

    private func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(Progress.grouped(Int64(count))) \(count == 1 ? one : many)"
    }

    private func text(_ person: RosterPlan.Person) -> String {
        let details = details(person.events)
        let what = person.isNew ? "adds" : "changes"
        return "\(what) \(person.name) <\(person.email)>"
            + (details.isEmpty ? "" : ": " + details.joined(separator: ", "))
    }

    private func details(_ events: [DirectoryEvent]) -> [String] {
        var details: [String] = []
        var formerManagers: [String] = []
        for event in events {
            switch event {
            case .employee(_, _, .created(_, _, let role, let type, _)):
                if let role = role?.text { details.append(role) }
                if type != DefaultType.employee { details.append(type) }
            case .employee(_, _, .renamed(let change)): details.append(self.change("name", change))
            case .employee(_, _, .emailChanged(let change)): details.append(self.change("email", change))
            case .employee(_, _, .roleChanged(let change)): details.append(self.change("role", change))
            case .employee(_, _, .typeChanged(let change)): details.append(self.change("type", change))
            case .employee(_, _, .managerRemoved(let manager, _)): formerManagers.append(name(manager))
            case .employee(_, _, .managerAssigned(let manager, _)),
                .employee(_, _, .managerTypeChanged(let manager, _)):
                let former = formerManagers.isEmpty ? "" : " instead of \(formerManagers.joined(separator: " and "))"
                details.append("reports to \(name(manager))\(former)")
                formerManagers = []
            case .membership(_, _, let change): details.append("joins \(name(change.group))")
            case .entity(_, _, .activated): details.append("active again")
            case .entity(_, _, .profileChanged(let changes)):
                details += changes.map { self.change($0.field, $0.change) }
            default: break
            }
        }
        return details + formerManagers.map { "no longer reports to \($0)" }
    }

    private func change(_ field: String, _ change: Change<String>) -> String {
        change.from.map { "\(field) \($0) → \(change.to ?? "none")" } ?? "\(field) \(change.to ?? "none")"
    }

    private func name(_ id: UUID) -> String { plan.names[id] ?? id.text }
}
