import AccountsProjection
import DirectoryEvents
import DirectoryRows
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import MembershipSetsProjection
import OrganizationKeysProjection
import OrganizationsProjection
import ReportingLinesProjection
import Testing

@testable import EmployeeFacetsProjection

@Suite struct ProjectionTests {
    let one = UUID(high: 0, low: 1), two = UUID(high: 0, low: 2), org = UUID(high: 0, low: 9)

    func employee(_ id: UUID, _ event: EmployeeEvent) -> DirectoryEvent { .employee(id, organization: org, event) }
    func employee(_ id: UUID, _ event: EntityEvent) -> DirectoryEvent { .employee(id, organization: org, event) }
    func created(_ id: UUID, name: String = "Ada Byron", account: UUID? = nil) -> DirectoryEvent {
        employee(
            id,
            .created(
                name: Erasable(name), email: "Ada@Example.org", role: "Engineer", type: "EMPLOYEE", account: account))
    }

    @Test func `An organization's row has its owners, profile and status, each since its event`() throws {
        let spec = ProjectionSpec(
            Organizations.self,
            given: [
                .organization(org, .created(name: "Acme", alias: "acme")),
                .account(one, organization: org, .roleGranted(role: "OWNER", employee: nil)),
                .account(two, organization: org, .roleGranted(role: "ADMIN", employee: nil)),
                .account(two, organization: org, .roleGranted(role: "OWNER", employee: nil)),
                .account(one, organization: nil, .roleGranted(role: "OWNER", employee: nil)),
                .organization(
                    org,
                    .profileChanged([
                        ProfileChange("mission", from: nil, to: "m"), ProfileChange("website", from: nil, to: nil),
                    ])),
                .account(one, organization: org, .roleRevoked(role: "OWNER", employee: nil)),
                .organization(org, .renamed(Change(from: "Acme", to: "Apex"))),
                .organization(org, .deactivated),
            ])
        #expect(spec.current.count == 1)
        let last = try #require(spec.current[org])
        #expect(last.since == 9)
        #expect(
            last.row.json.string == """
                {"id":"\(org.text)","name":"Apex",\(facts(active: false, changed: 9)),"alias":"acme",\
                "owners":["\(two.text)"],"profile":{"mission":"m"}}
                """)
        #expect(spec.past.map(\.since) == [1, 2, 4, 6, 7, 8] && spec.past.map(\.until) == [2, 4, 6, 7, 8, 9])
        #expect(spec.past[2].row.owners == [one, two])
        #expect(try spec.survivesStorage(==))
    }

    @Test func `A key is a row from its creation to its deletion, and gives its organization new versions`() throws {
        let events: [DirectoryEvent] = [
            .organization(org, .created(name: "Acme", alias: "acme")),
            .organization(org, .keyCreated(one, limitToRole: "ADMIN", name: "payroll")),
            .organization(org, .keyCreated(two, limitToRole: "AUDITOR", name: "audit")),
            .organization(org, .keyDeleted(one, limitToRole: "ADMIN", name: "payroll")),
        ]
        let spec = ProjectionSpec(OrganizationKeys.self, given: events)
        #expect(Array(spec.current.keys) == [two] && spec.current[two]?.since == 3)
        #expect(
            spec.current[two]?.row.json.string == #"{"id":"\#(two.text)","name":"audit","limitToRole":"AUDITOR"}"#)
        #expect(spec.past.map(\.key) == [one] && spec.past.map(\.since) == [2] && spec.past.map(\.until) == [4])
        #expect(spec.past[0].row.organization == org && spec.past[0].row.createdPosition == 2)
        #expect(try spec.survivesStorage(==))
        let organizations = ProjectionSpec(Organizations.self, given: events)
        #expect(organizations.current[org]?.since == 4 && organizations.past.map(\.since) == [1, 2, 3])
    }

    @Test func `An account's row has its folded address, its maker and its last grant`() throws {
        let author = Author(account: two, role: "OWNER")
        let spec = ProjectionSpec(
            Accounts.self,
            given: [
                .account(one, organization: nil, .created(email: "Straße@Example.ORG", name: nil)),
                .account(one, organization: org, .roleGranted(role: "OWNER", employee: nil)),
                .account(one, organization: nil, .renamed(Change(from: nil, to: "Ada"))), created(two),
                .account(one, organization: nil, .deactivated), .account(one, organization: nil, .activated),
                .account(one, organization: nil, .emailChanged(Change(from: "Straße@Example.ORG", to: "ada@x.org"))),
            ], by: author)
        let last = try #require(spec.current[one])
        #expect(spec.current.count == 1 && last.since == 7)
        #expect(last.row.emailKey == "ada@x.org" && last.row.grantsChanged == 2 && last.row.facts.createdPosition == 1)
        #expect(
            last.row.json.string.contains(
                """
                "email":"ada@x.org"
                """) && last.row.json.string.contains(facts(changed: 6, by: two.text)))
        #expect(spec.past.map(\.since) == [1, 2, 3, 5, 6] && spec.past.map(\.until) == [2, 3, 5, 6, 7])
        #expect(spec.past[0].row.emailKey == "straße@example.org")
        #expect(Accounts.values(of: last.row)[3] == .uuid(two))
        #expect(try spec.survivesStorage(==))
    }

    @Test func `A grant has one row for each account, organization and role`() throws {
        let spec = ProjectionSpec(
            Grants.self,
            given: [
                .account(one, organization: org, .roleGranted(role: "OWNER", employee: two)),
                .account(one, organization: nil, .roleGranted(role: "SYSTEM_ADMIN", employee: nil)),
                .account(one, organization: org, .roleRevoked(role: "OWNER", employee: two)),
                .account(one, organization: org, .roleGranted(role: "ADMIN", employee: nil)),
                .account(one, organization: org, .roleGranted(role: "OWNER", employee: nil)),
            ])
        func key(_ organization: UUID?, _ role: String) -> Grant.Key {
            Grant.Key(account: one, organization: organization, role: role)
        }
        #expect(Set(spec.current.keys) == [key(nil, "SYSTEM_ADMIN"), key(org, "ADMIN"), key(org, "OWNER")])
        #expect(spec.current[key(nil, "SYSTEM_ADMIN")]?.row.json.string == #"{"role":"SYSTEM_ADMIN"}"#)
        #expect(spec.current[key(org, "OWNER")]?.row.created == 5)
        #expect(spec.past.count == 1 && spec.past[0].since == 1 && spec.past[0].until == 3)
        #expect(
            spec.past[0].row.json.string == """
                {"orgId":"\(org.text)","role":"OWNER","employeeId":"\(two.text)"}
                """)
        #expect(Grants.values(of: key(nil, "X"))[1] == .uuid(Grants.platform))
        #expect(try spec.survivesStorage(==))
    }

    @Test func `An employee's row has its lines, and hides fields from most readers`() throws {
        let spec = ProjectionSpec(
            Employees.self,
            given: [
                created(one, account: two), employee(one, .managerAssigned(two, type: "DIRECT")),
                employee(
                    one,
                    .profileChanged([
                        ProfileChange("bio", from: nil, to: "b"), ProfileChange("gender", from: nil, to: "g"),
                    ])),
                employee(one, .managerTypeChanged(two, Change(from: "DIRECT", to: "DOTTED"))),
                employee(one, .accountUnlinked(two)), employee(one, .roleChanged(Change(from: "Engineer", to: nil))),
                employee(one, .deactivated),
            ])
        let last = try #require(spec.current[one])
        func json(_ profile: String) -> String {
            """
            {"id":"\(one.text)","organization":"\(org.text)","name":"Ada Byron","email":"Ada@Example.org","type":"EMPLOYEE",\
            \(facts(active: false, changed: 7)),"profile":{"bio":"b"\(profile)},"managers":[{"managerId":"\(two.text)",\
            "type":"DOTTED","since":"1970-01-01T00:00:04.000000Z"}]}
            """
        }
        #expect(last.row.json.string == json(""))
        #expect(last.row.fullJSON?.string == json(#","gender":"g""#))
        #expect(last.row.emailKey == "ada@example.org" && last.since == 7 && spec.past.count == 6)
        #expect(spec.past[0].row.account == two && Employees.values(of: spec.past[0].row).last == .null)
        #expect(try spec.survivesStorage(==))
        let gone = ProjectionSpec(
            Employees.self,
            given: [
                created(one), employee(one, .managerAssigned(two, type: "DIRECT")),
                employee(one, .managerRemoved(two, type: "DIRECT")),
            ])
        #expect(gone.current[one]?.row.managers == [])
    }

    @Test func `A reporting line has one row for each employee and manager`() throws {
        let spec = ProjectionSpec(
            ReportingLines.self,
            given: [
                created(one), employee(one, .managerAssigned(two, type: "DIRECT")),
                employee(one, .managerTypeChanged(two, Change(from: "DIRECT", to: "DOTTED"))),
                employee(one, .managerRemoved(two, type: "DOTTED")),
                employee(two, .managerAssigned(one, type: "DIRECT")),
            ])
        #expect(Set(spec.current.keys) == [ReportingLine.Key(employee: two, manager: one)])
        #expect(spec.past.map(\.row.type) == ["DIRECT", "DOTTED"])
        #expect(spec.past.map(\.since) == [2, 3] && spec.past.map(\.until) == [3, 4])
        #expect(try spec.survivesStorage(==))
    }

    @Test func `An employee has one row for each word of its name`() throws {
        let spec = ProjectionSpec(
            EmployeeNames.self,
            given: [
                created(one, name: "Zoë van der Zoe"), employee(one, .deactivated),
                employee(one, .renamed(Change(from: "Zoë van der Zoe", to: "ZOE Straße"))),
                employee(one, .renamed(Change(from: "ZOE Straße", to: "Zoé Strasse"))),
            ])
        #expect(Set(spec.current.keys.map(\.word)) == ["zoe", "strasse"])
        #expect(spec.current.values.map(\.since).sorted() == [1, 3])
        #expect(
            Set(spec.past.map(\.key.word)) == ["van", "der"] && spec.past.allSatisfy { $0.since == 1 && $0.until == 3 })
        #expect(try spec.survivesStorage(==))
    }

    @Test func `An employee's facets hold what lists go by, in its latest form`() throws {
        let spec = ProjectionSpec(
            EmployeeFacets.self,
            given: [
                created(one, account: two), employee(one, .typeChanged(Change(from: "EMPLOYEE", to: "CONTRACTOR"))),
                employee(one, .emailChanged(Change(from: "Ada@Example.org", to: "Ada@Straße.org"))),
                employee(one, .deactivated), employee(one, .activated),
            ])
        let last = try #require(spec.current[one])
        #expect(spec.current.count == 1 && last.since == 5)
        #expect(
            last.row
                == ListedEmployee(
                    organization: org, created: 1, status: .active, type: "CONTRACTOR", emailKey: "ada@straße.org"))
        #expect(spec.past.map(\.row.status) == [.active, .active, .active, .inactive])
        #expect(spec.past.map(\.row.type) == ["EMPLOYEE", "CONTRACTOR", "CONTRACTOR", "CONTRACTOR"])
        #expect(
            spec.past.map(\.row.emailKey) == ["ada@example.org", "ada@example.org"]
                + [String](repeating: "ada@straße.org", count: 2))
        #expect(spec.past.map(\.since) == [1, 2, 3, 4] && spec.past.map(\.until) == [2, 3, 4, 5])
        #expect(try spec.survivesStorage(==))
    }

    @Test func `Whether an employee is managed follows the DIRECT lines, however they begin and end`() throws {
        let three = UUID(high: 0, low: 3)
        let spec = ProjectionSpec(
            Employees.self,
            given: [
                created(one), employee(one, .managerAssigned(two, type: "DIRECT")),
                employee(one, .managerAssigned(three, type: "DOTTED")),
                employee(one, .managerTypeChanged(three, Change(from: "DOTTED", to: "DIRECT"))),
                employee(one, .managerTypeChanged(two, Change(from: "DIRECT", to: "DOTTED"))),
                employee(one, .managerRemoved(two, type: "DOTTED")),
                employee(one, .managerRemoved(three, type: "DIRECT")),
            ])
        #expect(spec.current[one]?.row.isManaged == false)
        #expect(spec.past.map(\.row.isManaged) == [false, true, true, true, true, true])
        let column = try #require(Employees.columns.row.firstIndex { $0.name == "managed" })
        #expect(spec.past.map { Employees.values(of: $0.row)[column] } == spec.past.map { .bool($0.row.isManaged) })
        #expect(try spec.survivesStorage(==))
    }

    @Test func `What no list goes by leaves an employee's facets as they are`() {
        let others: [EmployeeEvent] = [
            .renamed(Change(from: "Ada", to: "Eva")), .roleChanged(Change(from: nil, to: "Clerk")),
            .accountLinked(two), .accountUnlinked(two),
            .managerAssigned(two, type: "DIRECT"), .managerRemoved(two, type: "DIRECT"),
            .managerTypeChanged(two, Change(from: "DOTTED", to: "DIRECT")),
        ]
        for event in others { #expect(EmployeeFacets.keys(of: employee(one, event)).isEmpty) }
        let profile = EntityEvent.profileChanged([ProfileChange("bio", from: nil, to: "b")])
        #expect(EmployeeFacets.keys(of: employee(one, profile)).isEmpty)
        #expect(EmployeeFacets.keys(of: .account(one, organization: nil, .deactivated)).isEmpty)
    }

    /// An event as it is read once its sealed part has been erased.
    private func erased(_ event: DirectoryEvent) throws -> DirectoryEvent {
        var stored = event.encoded
        stored.isErased = stored.sealed != nil
        stored.sealed = nil
        return try DirectoryEvent(decoding: stored)
    }

    @Test func `Of an erased employee the rows keep what the server made, and nothing that was chosen`() throws {
        let history: [DirectoryEvent] = [
            created(one, account: two), employee(one, .emailChanged(Change(from: "Ada@Example.org", to: "a@x.org"))),
            employee(one, .roleChanged(Change(from: "Engineer", to: "Clerk"))),
            .employee(
                one, organization: org,
                .profileChanged([
                    ProfileChange("bio", from: nil, to: "b"), ProfileChange("gender", from: nil, to: "g"),
                ])),
            employee(one, .managerAssigned(two, type: "DIRECT")),
            employee(one, .renamed(Change(from: "Ada Byron", to: "Eva Byron"))),
        ]
        let spec = try ProjectionSpec(Employees.self, given: history.map(erased))
        let row = try #require(spec.current[one]?.row)
        #expect(row.name == "[erased]" && row.email == nil && row.role == nil && row.profile == Profile())
        #expect(row.account == two && row.managers.map(\.manager) == [two] && row.type == "EMPLOYEE")
        for version in spec.past.map(\.row) + [row] {
            #expect(version.name == "[erased]" && version.emailKey == nil)
            #expect(!(version.fullJSON ?? version.json).string.contains("\"email\""))
        }
        #expect(try spec.survivesStorage(==))
        let facets = try ProjectionSpec(EmployeeFacets.self, given: history.map(erased))
        #expect(facets.current[one]?.row.emailKey == nil)
        #expect(try facets.survivesStorage(==))
        #expect(try ProjectionSpec(EmployeeNames.self, given: history.map(erased)).current.isEmpty)
    }

    @Test func `Of an erased account the row keeps what the server made, and nothing that was chosen`() throws {
        let history: [DirectoryEvent] = [
            .account(one, organization: nil, .created(email: "ada@x.org", name: "Ada")),
            .account(one, organization: nil, .emailChanged(Change(from: "ada@x.org", to: "eva@x.org"))),
            .account(one, organization: nil, .renamed(Change(from: "Ada", to: "Eva"))),
            .account(one, organization: nil, .deactivated),
        ]
        let spec = try ProjectionSpec(Accounts.self, given: history.map(erased))
        let row = try #require(spec.current[one]?.row)
        #expect(row.name == "[erased]" && row.email == nil && !row.isActive && row.facts.createdPosition == 1)
        #expect(try spec.survivesStorage(==))
        #expect(Accounts.byEmail.values(row) == nil)
    }

    @Test func `A row whose columns are not what they should be is refused by name`() throws {
        let values = EmployeeFacets.values(
            of: ListedEmployee(
                organization: org, created: 1, status: .active, type: "EMPLOYEE", emailKey: nil))
        for (index, column) in EmployeeFacets.columns.row.enumerated() {
            var damaged = values
            damaged[index] = .bool(true)
            let error = #expect(throws: UnreadableRow.self) { try EmployeeFacets.row(at: one, from: damaged) }
            #expect(error?.description.contains(column.name) == true)
        }
        #expect(throws: UnreadableRow.self) { try EmployeeFacets.key(from: [.null]) }
    }

    @Test func `A group's row has its fields, profile and status, and nothing of its members`() throws {
        func group(_ event: GroupEvent) -> DirectoryEvent { .group(one, organization: org, event) }
        let spec = ProjectionSpec(
            Groups.self,
            given: [
                group(.created(name: "Smiths", type: "TEAM")), group(.renamed(Change(from: "Smiths", to: "Anvils"))),
                group(.typeChanged(Change(from: "TEAM", to: "GUILD"))),
                .membership(EntityReference(.group, one), organization: org, .joined(two, type: "MEMBER")),
                .membership(EntityReference(.group, two), organization: org, .joined(one, type: "MEMBER")),
                .group(one, organization: org, .profileChanged([ProfileChange("icon", from: nil, to: "i")])),
                .group(one, organization: org, .deactivated),
            ])
        let last = try #require(spec.current[one])
        #expect(last.since == 7 && spec.past.map(\.until) == [2, 3, 6, 7])
        #expect(
            last.row.json.string == """
                {"id":"\(one.text)","organization":"\(org.text)","name":"Anvils","type":"GUILD",\
                \(facts(active: false, changed: 7)),"profile":{"icon":"i"}}
                """)
        #expect(try spec.survivesStorage(==))
    }

    @Test func `A membership's row begins, changes its type and ends; its set remains, with the last event`() throws {
        func happened(_ event: MembershipEvent, in organization: UUID) -> DirectoryEvent {
            .membership(EntityReference(.account, one), organization: organization, event)
        }
        let group = UUID(high: 1, low: 1), foreign = UUID(high: 1, low: 2)
        let events = [
            happened(.joined(group, type: "MEMBER"), in: org),
            happened(.typeChanged(group, Change(from: "MEMBER", to: "LEAD")), in: org),
            happened(.joined(foreign, type: "MEMBER"), in: two), happened(.left(group, type: "LEAD"), in: org),
            happened(.joined(group, type: "MEMBER"), in: org), happened(.left(group, type: "MEMBER"), in: org),
        ]
        let rows = ProjectionSpec(GroupMemberships.self, given: events)
        #expect(rows.current.keys.map(\.group) == [foreign])
        #expect(rows.past.map(\.row.type) == ["MEMBER", "LEAD", "MEMBER"])
        #expect(rows.past.map(\.row.created) == [1, 1, 5] && rows.past.map(\.until) == [2, 4, 6])
        #expect(
            rows.past[1].row.json.string == """
                {"groupId":"\(group.text)","entity":"\(one.text)","entityType":"ACCOUNT","type":"LEAD",\
                "since":"1970-01-01T00:00:02.000000Z"}
                """)
        #expect(try rows.survivesStorage(==))
        let sets = ProjectionSpec(MembershipSets.self, given: events)
        #expect(sets.current[MembershipSet.Key(member: one, organization: org)]?.since == 6)
        #expect(sets.current[MembershipSet.Key(member: one, organization: two)]?.since == 3)
    }
}
