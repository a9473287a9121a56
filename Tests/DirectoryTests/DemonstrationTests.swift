import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// The organization that a first start makes to look around in.
@Suite struct DemonstrationTests {
    let world = World()
    let root: UUID
    let acme: UUID

    init() throws {
        root = world.account("root@example.com")
        world.grant(root, "SYSTEM_ADMIN", in: nil)
        acme = try #require(
            try world.submit(try CreateDemonstration(ownerEmail: "root@example.com", now: World.time(0))))
    }

    private func made(_ kind: EntityKind) -> [UUID] {
        world.events.map(\.payload).filter { $0.isCreation && $0.entity.kind == kind }.map(\.stream)
    }

    private var active: [UUID] { made(.employee).filter { world.row($0).isActive } }

    /// How far an employee is from the top, over DIRECT lines.
    private func level(_ employee: UUID) -> Int {
        let managers = world.row(employee).managers.filter { $0.type == "DIRECT" }.map(\.manager)
        return 1 + (managers.map { level($0) }.max() ?? 0)
    }

    @Test func `A hundred people work there over four levels, and twelve have left`() {
        let people = active
        #expect(people.count == 100 && made(.employee).count == 112)
        let levels = Dictionary(grouping: people, by: level).mapValues(\.count)
        #expect(levels == [1: 1, 2: 6, 3: 14, 4: 79])
        for person in people {
            let managers = world.row(person).managers
            #expect(managers.count { $0.type == "DIRECT" } == (level(person) == 1 ? 0 : 1))
            #expect(managers.allSatisfy { world.row($0.manager).isActive })
        }
        #expect(people.contains { world.row($0).managers.contains { $0.type == "DOTTED_LINE" } })
        #expect(Set(people.map { world.row($0).emailKey }).count == 100)
    }

    @Test func `Everybody has a title and a profile, and names are of many scripts`() {
        for person in made(.employee).map(world.row) {
            #expect(person.role != nil)
            #expect(
                Set(person.profile.values.keys).isSuperset(of: ["location", "timezone", "joinDate", "employeeNumber"]),
                "\(person.name)")
        }
        let letters = active.compactMap { world.row($0).name.unicodeScalars.first { $0.properties.isAlphabetic } }
        #expect(letters.count { $0.value > 0x24F } > 20)
    }

    @Test func `Groups are nested three deep, and every team has its people`() throws {
        let groups = made(.group).map(world.groupRow)
        #expect(groups.count == 24 && groups.count { !$0.isActive } == 1)
        func depth(_ group: UUID) -> Int { 1 + (world.groups(of: group, in: acme).map { depth($0) }.max() ?? 0) }
        #expect(groups.map { depth($0.id) }.max() == 3)
        let joined = active.map { world.groups(of: $0, in: acme).count }
        #expect(joined.filter { $0 == 0 }.count == 1, "only the chief executive is in none")
        #expect(joined.contains { $0 > 2 })
        for person in made(.employee) where !world.row(person).isActive {
            #expect(world.groups(of: person, in: acme).isEmpty)
        }
    }

    @Test func `Two years of history were imported, with hires, moves, promotions and leavers`() throws {
        let imported = world.events.filter { $0.imported != nil }
        #expect(
            imported.count > 500 && imported.count == world.events.count { $0.effectiveAt != nil && $0.imported != nil }
        )
        let times = imported.map(\.time)
        #expect(times == times.sorted())
        let (first, last) = (try #require(times.first), try #require(times.last))
        let day: Int64 = 86_400_000_000
        let now = World.time(0)
        #expect((729...731).contains((now.microseconds - first.microseconds) / day))
        #expect(last < now && (now.microseconds - last.microseconds) / day < 60)
        let months = Dictionary(grouping: times) { ($0.microseconds - first.microseconds) / (30 * day) }
        #expect((0..<23).allSatisfy { months[$0] != nil }, "something happens in every month")
        let types = Dictionary(grouping: imported.map(\.payload.encoded.type)) { $0 }.mapValues(\.count)
        #expect(types["employee.created"] == 112)
        #expect(types["employee.deactivated"] == 13 && types["employee.activated"] == 1)
        for type in ["employee.role_changed", "employee.manager_removed", "employee.group_left", "group.renamed"] {
            #expect(types[type, default: 0] > 0, "\(type)")
        }
        #expect(world.organizationRow(acme).facts.created.createdAt == first)
    }

    @Test func `It has an owner, an auditor, an administrator who works there, an app, mappings and preferences`()
        throws
    {
        #expect(world.organizationRow(acme).owners == [root])
        #expect(made(.account).map { world.grants(of: $0) } == [["SYSTEM_ADMIN", "OWNER"], ["AUDITOR"], ["ADMIN"]])
        let hana = try #require(active.first { world.row($0).email == "hana@acme.example" })
        #expect(world.row(hana).account == made(.account)[2])
        let types = Set(world.events.map(\.payload.encoded.type))
        for type in [
            "organization.app_added", "employee.mapping_set", "group.mapping_set", "organization.preferences_set",
            "organization.profile_changed",
        ] {
            #expect(types.contains(type), "\(type)")
        }
    }

    @Test func `A second one makes nothing, and the same day makes the same`() throws {
        let count = world.events.count
        #expect(try world.submit(try CreateDemonstration(ownerEmail: "root@example.com", now: World.time(9))) == nil)
        #expect(world.events.count == count)

        // Everything but the ids.
        let other = World()
        _ = other.account("root@example.com")
        other.grant(try #require(other.events.first?.payload.stream), "SYSTEM_ADMIN", in: nil)
        try other.submit(try CreateDemonstration(ownerEmail: "root@example.com", now: World.time(0)))
        func described(_ world: World) -> [String] {
            world.events.map {
                "\($0.time) \($0.payload.encoded.type) \($0.payload.encoded.sealed?.canonicalText() ?? "")"
            }
        }
        #expect(described(other) == described(world))
    }

    @Test func `Its data are like those made by requests`() throws {
        let people = active
        try world.when(AssignManager(people[40], manager: people[50], type: "DOTTED_LINE"), by: root)
        refused(.rule, at: "/managerId") {
            try world.when(AssignManager(people[0], manager: people[50], type: "DIRECT"), by: root)
        }
        let outer = try #require(made(.group).first { world.groupRow($0).name == "Engineering" })
        let inner = try #require(made(.group).first { world.groupRow($0).name == "On call" })
        refused(.rule, at: "/0/groupId") {
            try world.when(ReplaceMemberships(of: outer, [(inner, "MEMBER")]), by: root)
        }
    }

    /// The processor's view is empty at first: what the command misses, it finds in few passes.
    @Test func `It is decided in few passes`() throws {
        let other = World()
        _ = other.account("root@example.com")
        var view = EmptyView(of: other)
        let events = try view.decide(try CreateDemonstration(ownerEmail: "root@example.com", now: World.time(0)))
        #expect(events.count > 700 && events.count < 10_000)
        #expect(view.passes <= 6, "\(view.passes)")
    }
}
