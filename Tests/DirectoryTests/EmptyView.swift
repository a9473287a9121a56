import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import GroupMembershipsProjection
import OrganizationsProjection

/// A view that holds nothing at first and is filled from a world's when a command misses something, as the processor fills its
/// own from the database; it notes what was loaded.
struct EmptyView {
    let world: World
    private let view = View()
    private(set) var loads: [Load] = []
    /// How often the command was decided.
    private(set) var passes = 0

    init(of world: World) { self.world = world }

    var walks: Int { loads.count { if case .walk = $0 { true } else { false } } }

    /// Decides a command, however often it misses something.
    mutating func decide<C: Command>(_ command: C) throws -> [DirectoryEvent] where C.Payload == DirectoryEvent {
        try fill(command.loads)
        while true {
            passes += 1
            do {
                return try command.decide(view, at: World.time(1_000)).0.events.map(\.payload)
            } catch let missing as Missing {
                try fill(missing.loads)
            }
        }
    }

    private mutating func fill(_ loads: [Load]) throws {
        self.loads += loads
        for load in loads {
            for projection in Directory.projections { try fill(load, projection) }
            guard case .walk(_, let walk, .uuid(let start)) = load else { continue }
            for case .value(let value, _) in walk.parameters {
                switch value {
                case .uuid(let organization): try climb(throughGroupsFrom: start, of: organization)
                case .text(let type): try climb(from: start, over: type)
                default: preconditionFailure("a walk that no command makes")
                }
            }
        }
    }

    private func fill<P: Projection>(_ load: Load, _: P.Type) throws {
        guard load.target == LoadTarget(P.self) else { return }
        switch load {
        case .row(_, let values): try insert(P.self, try P.key(from: values))
        case .lookup(_, let ordinal, let values):
            let keys = try world.view.keys(P.lookups[ordinal], values)
            for key in keys { try insert(P.self, key) }
            view.table(P.self).insert(keys, ordinal: ordinal, values: values)
        case .walk: break
        }
    }

    private func climb(from start: UUID, over type: String) throws {
        try insert(Employees.self, start)
        for line in try world.view.row(Employees.self, start)?.managers ?? [] where line.type == type {
            try climb(from: line.manager, over: type)
        }
    }

    private func climb(throughGroupsFrom start: UUID, of organization: UUID) throws {
        let values: [ColumnValue] = [.uuid(start), .uuid(organization)]
        let keys = try world.view.keys(GroupMemberships.byMember, values)
        for key in keys { try insert(GroupMemberships.self, key) }
        view.table(GroupMemberships.self).insert(keys, ordinal: GroupMemberships.byMember.ordinal, values: values)
        for key in keys { try climb(throughGroupsFrom: key.group, of: organization) }
    }

    private func insert<P: Projection>(_: P.Type, _ key: P.Key) throws {
        view.table(P.self).insert(try world.view.version(P.self, key), at: key)
    }
}
