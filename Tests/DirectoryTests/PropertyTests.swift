import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import Foundation
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import MappingsProjection
import OrganizationKeysProjection
import OrganizationsProjection
import PreferencesProjection
import Testing
import WebhooksProjection

/// Whatever any caller requests and whatever is imported, the directory's rules hold.
@Suite struct PropertyTests {
    @Test func `No sequence of commands breaks a rule`() async throws {
        let counts = try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for seed in 1...4 as ClosedRange<UInt64> { group.addTask { try walk(seed) } }
            return try await group.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
        }
        // Otherwise the test would prove little.
        for declaration in EventCatalog.declarations {
            #expect(counts[declaration.type] ?? 0 > 1, "\(declaration.type) hardly happens")
        }
        #expect(counts["group.group_joined"] ?? 0 > 40)
        #expect(counts[Self.demonstrations] ?? 0 > 1)
    }

    /// What is counted as if it were a type of event.
    private static let demonstrations = "demonstrations"

    /// Carries out thousands of random commands.
    /// - Returns: how many events of each type happened, and how many demonstrations.
    private func walk(_ seed: UInt64) throws -> [String: Int] {
        var directory = try RandomDirectory(seed)
        let world = directory.world
        var invariants = Invariants()
        var accepted = 0
        for step in 1...4000 {
            let what: String
            if directory.random.chance(3) {
                guard try directory.carryOutCommand() else { continue }
                what = world.events.last.map { $0.payload.encoded.type } ?? ""
            } else {
                let (mutation, caller) = directory.next()
                guard try attempt(mutation, by: caller, in: world) else { continue }
                what = "\(mutation) by \(caller)"
            }
            accepted += 1
            let broken = try invariants.broken(in: world)
            try #require(broken.isEmpty, "seed \(seed), step \(step): \(what): \(broken)")
            if accepted.isMultiple(of: 20) {
                try expectSameRows(asReplayed: world)
            }
        }
        #expect(accepted > 500, "seed \(seed)")
        return world.events.reduce(into: [Self.demonstrations: directory.demonstrations]) {
            $0[$1.payload.encoded.type, default: 0] += 1
        }
    }

    /// Carries out a mutation; false where it is refused or changes nothing. Each kind of refusal is of its own phase, or
    /// preconditions would be checked in the wrong order.
    private func attempt(_ mutation: some Mutation, by caller: Caller, in world: World) throws -> Bool {
        do {
            _ = try Authority(caller, in: world.view)
        } catch is Refusal { return false }
        var mayDecide = false
        do {
            let authority = try Authority(caller, in: world.view)
            let permit = try mutation.authorize(world.view, authority)
            mayDecide = true
            _ = try mutation.decide(world.view, authority, permit)
        } catch let refusal as Refusal {
            let kinds: [Refusal.Kind] = mayDecide ? [.conflict, .rule] : [.invalid, .notFound, .forbidden]
            #expect(kinds.contains(refusal.kind), "\(mutation): \(refusal.detail)")
        }
        do {
            return try !world.execute(mutation, by: caller).events.isEmpty
        } catch is Refusal { return false }
    }

    /// The rows equal those of a directory folded again from the stored events.
    private func expectSameRows(asReplayed world: World) throws {
        let fresh = View(complete: true)
        for event in world.events {
            let read = Event(
                position: event.position, id: event.id, payload: try DirectoryEvent(decoding: event.payload.encoded),
                author: event.author, recordedAt: event.recordedAt, effectiveAt: event.effectiveAt,
                imported: event.imported)
            World.apply(read, to: fresh)
        }
        let keys = Invariants.keys(of: world)
        for key in keys.employees { try expectSameRow(Employees.self, key, world.view, fresh) }
        for key in keys.accounts { try expectSameRow(Accounts.self, key, world.view, fresh) }
        for key in keys.organizations { try expectSameRow(Organizations.self, key, world.view, fresh) }
        for group in keys.groups {
            try expectSameRow(Groups.self, group, world.view, fresh)
            for organization in keys.organizations {
                for key in try world.view.keys(GroupMemberships.byMember, [.uuid(group), .uuid(organization)]) {
                    try expectSameRow(GroupMemberships.self, key, world.view, fresh)
                }
            }
        }
        for event in world.events {
            switch event.payload {
            case .app(let id, _, _): try expectSameRow(Apps.self, id, world.view, fresh)
            case .webhook(let id, _, _): try expectSameRow(Webhooks.self, id, world.view, fresh)
            case .entity(_, _, .mappingSet(_, let id, _, _, _)):
                try expectSameRow(Mappings.self, id, world.view, fresh)
            case .entity(_, _, .preferencesSet(let id, _, _)):
                try expectSameRow(Preferences.self, id, world.view, fresh)
            case .organization(_, .keyCreated(let id, _, _)):
                try expectSameRow(OrganizationKeys.self, id, world.view, fresh)
            default: break
            }
        }
    }

    /// The row is the same, and is read back from its columns as it was; or it is in neither.
    private func expectSameRow<P: Projection>(_ projection: P.Type, _ key: P.Key, _ left: View, _ right: View) throws {
        guard let row = try left.row(projection, key) else { return #expect(try right.row(projection, key) == nil) }
        let values = P.values(of: row)
        #expect(values == P.values(of: try #require(try right.row(projection, key))))
        #expect(P.values(of: try P.row(at: key, from: values)) == values)
    }
}
