import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupMembershipsProjection
import GroupsProjection

/// The state that the lines of an import leave, and the events by which they do.
struct ImportState {
    private(set) var draft: Draft
    let organization: UUID
    private var effectiveAt: Instant?
    private var imported: ImportedLine?

    var view: View { draft.view }
    var events: [ProposedEvent] { draft.events }

    init(_ draft: Draft, _ organization: UUID) {
        self.draft = draft
        self.organization = organization
    }

    /// Carries out a line.
    /// - Parameter new: the id of what it makes, if it makes something.
    mutating func carryOut(_ line: ImportLine, of import: UUID, new: UUID) throws {
        effectiveAt = line.at
        imported = ImportedLine(import: `import`, line: line.number)
        switch line.change {
        case .hire(let email, let fields): try list(email, fields, respelling: .set(email), new: new)
        case .listed(let email, let fields): try list(email, fields, respelling: .keep, new: new)
        case .leave(let email): try leave(try employee(email: email))
        case .setManager(let email, let manager):
            try report(try employee(email: email), to: try employee(email: manager).id)
        case .unsetManager(let email, let manager):
            try endLine(of: try employee(email: email), to: try employee(email: manager).id)
        case .role(let email, let role): try add(try employee(email: email).changes(role: FieldEdit(role)))
        case .location(let email, let location):
            let employee = try employee(email: email)
            try add(profileChanges(of: employee.id, employee.profile.values, ["location": FieldEdit(location)]))
        case .group(let name, let formerName, let type): try setGroup(name, formerName, type, new: new)
        case .needGroup(let name): try needGroup(name, new: new)
        case .ungroup(let name):
            let group = try group(name)
            if group.isActive { try add(try GroupStatus(group.id).deactivation(of: group, view)) }
        case .join(let member, let group, let type): try join(try self.member(member), try self.group(group), type)
        case .leaveGroup(let member, let group):
            let key = GroupMembership.Key(member: try self.member(member).entity.id, group: try self.group(group).id)
            if let membership = try view.row(GroupMemberships.self, key) { try add([membership.end]) }
        }
    }

    /// Adds events of the line.
    mutating func add(_ events: [ProposedEvent]) throws {
        try draft.add(
            events.map { event in
                var event = event
                event.effectiveAt = effectiveAt
                event.imported = imported
                return event
            })
    }
}

extension FieldEdit {
    /// What a line says about a field: it gets a value, or is cleared.
    init(_ value: Value?) { self = value.map { .set($0) } ?? .clear }

    /// What a line says about a field that it need not name.
    init(ifNamed value: Value?) { self = value.map { .set($0) } ?? .keep }
}
