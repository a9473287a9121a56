import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// `asOf` with `effective=true`: what had taken effect by a time.
@Suite struct EffectiveMomentTests {
    /// An organization with a history that was imported today: it has existed since day 0, its two people since days 5 and 10, one
    /// got a title on day 20 and the other as manager on day 30.
    private struct Past {
        let server: Server
        let owner: Person
        let organization: String
        let boss: String
        let person: String

        static func make() async throws -> Past {
            let server = try await Server.shared
            let owner = try await server.makeAccount("owner")
            let account = try #require(UUID(text: owner.id))
            let (organization, boss, person) = (
                UUID.version7(at: .now), UUID.version7(at: .now), UUID.version7(at: .now)
            )
            func hired(_ id: UUID, _ name: String) -> DirectoryEvent {
                .employee(
                    id, organization: organization,
                    .created(
                        name: Erasable(name), email: Erasable("\(name)@x.example"), role: nil, type: "EMPLOYEE",
                        account: nil))
            }
            let events: [(DirectoryEvent, Int64)] = [
                (.organization(organization, .created(name: "Past", alias: Erasable(unique("past-")))), 0),
                (.account(account, organization: organization, .roleGranted(role: "OWNER", employee: nil)), 0),
                (hired(boss, "boss"), 5), (hired(person, "person"), 10),
                (.employee(person, organization: organization, .roleChanged(Change(from: nil, to: "Poet"))), 20),
                (.employee(person, organization: organization, .managerAssigned(boss, type: "DIRECT")), 30),
            ]
            try await server.given(events.map { ($0.0, day($0.1)) })
            return Past(
                server: server, owner: owner, organization: organization.text, boss: boss.text, person: person.text)
        }

        static func day(_ number: Int64) -> Instant {
            Instant(microseconds: 1_700_000_000_000_000 + number * 86_400_000_000)
        }

        func get(_ path: String, by time: Instant) async throws -> Answer {
            let mark = path.contains("?") ? "&" : "?"
            return try await server.get("\(path)\(mark)asOf=\(time)&effective=true", as: owner, in: organization)
        }
    }

    @Test func `A time of effect includes what took effect then, and a microsecond earlier does not`() async throws {
        let past = try await Past.make()
        let path = "/employee/\(past.person)"
        func before(_ number: Int64) -> Instant { Past.day(number).advanced(byMicroseconds: -1) }
        #expect(try await past.get("/organization/\(past.organization)", by: before(0)).status == 404)
        #expect(try await past.get("/employee", by: before(0)).status == 404)
        #expect(try await past.get("/employee", by: Past.day(0)).ids == [])
        #expect(try await past.get("/employee", by: before(5)).ids == [])
        #expect(try await past.get("/employee", by: Past.day(5)).ids == [past.boss])
        #expect(try await past.get(path, by: before(10)).status == 404)
        #expect(try await past.get("/employee", by: before(10)).ids == [past.boss])
        #expect(try await past.get("/employee", by: Past.day(10)).ids == [past.boss, past.person])
        #expect(try await past.get(path, by: Past.day(10)).json["role"] == nil)
        #expect(try await past.get(path, by: before(20)).json["role"] == nil)
        #expect(try await past.get(path, by: Past.day(20))["role"] == "Poet")
        #expect(try await past.get("\(path)/chain", by: before(30)).ids == [])
        #expect(try await past.get("\(path)/chain", by: Past.day(30)).ids == [past.boss])
        let reports = "/employee/by-manager/\(past.boss)"
        #expect(try await past.get(reports, by: before(30)).ids == [])
        #expect(try await past.get("\(reports)?depth=all", by: Past.day(31)).ids == [past.person])
    }

    @Test func `It is the same as the position of the last event effective by then`() async throws {
        let past = try await Past.make()
        for number in [0, 7, 10, 25, 30] as [Int64] {
            for path in ["/employee", "/organization/\(past.organization)", "/employee/\(past.person)/chain"] {
                let shown = try await past.get(path, by: Past.day(number))
                let same = try await past.server.get(
                    "\(path)?asOf=\(shown.position)", as: past.owner, in: past.organization)
                let isThere = number >= 10 || !path.hasSuffix("chain")
                #expect(shown.status == (isThere ? 200 : 404), "\(path) on day \(number)")
                guard shown.status == 200 else { continue }
                #expect(shown.body == same.body, "\(path) on day \(number)")
                #expect(shown.header("Directory-As-Of") == same.header("Directory-As-Of"))
            }
        }
        let trail = try await past.server.get("/employee/\(past.person)/history", as: past.owner)
        let changed = try #require(trail.entries.first { $0["type"] == "employee.role_changed" })
        let shown = try await past.get("/employee", by: Past.day(25))
        #expect(changed["position"]?.integer == Int64(shown.position))
    }

    @Test func `What is recorded later takes effect when it is recorded, and what happens elsewhere does not matter`()
        async throws
    {
        let past = try await Past.make()
        let path = "/employee/\(past.person)"
        let changed = try await past.server.patch(path, as: past.owner, #"{"role":"Retired poet"}"#)
        let asOf = try await past.server.get("\(path)?asOf=\(changed.position)", as: past.owner)
        let time = try #require(Instant(rfc3339: asOf.header("Directory-As-Of") ?? ""))
        #expect(try await past.get(path, by: time).body == changed.body)
        #expect(try await past.get(path, by: time.advanced(byMicroseconds: -1))["role"] == "Poet")
        #expect(try await past.get(path, by: Past.day(40))["role"] == "Poet")
        // Another organization's history is of the same days, and was recorded after all that.
        let shown = try await past.get("/employee", by: Past.day(10))
        _ = try await Past.make()
        let again = try await past.get("/employee", by: Past.day(10))
        #expect(again.position == shown.position && again.body == shown.body)
    }

    @Test func `It is of the current organization, and 400 without one`() async throws {
        let past = try await Past.make()
        let path = "/employee/\(past.person)?asOf=\(Past.day(20))&effective=true"
        // The only one of its owner is current without being named.
        #expect(try await past.server.get(path, as: past.owner)["role"] == "Poet")
        #expect(try await past.server.get(path, as: past.server.admin).status == 400)
        let named = try await past.server.get(path, as: past.server.admin, in: past.organization)
        #expect(named["role"] == "Poet")
        _ = try await past.server.makeOrganization(past.owner)
        #expect(try await past.server.get(path, as: past.owner).status == 400)
        let confined = try await past.server.confined(past.owner, to: past.organization)
        #expect(try await past.server.get(path, as: confined)["role"] == "Poet")
    }
}
