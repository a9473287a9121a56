import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// `GET /organization/{organization}/density`.
@Suite struct DensityTests {
    private func counts(_ answer: Answer) -> [Int] { answer.elements.map { Int($0["changes"]?.integer ?? -1) } }

    /// All that the log has of the organization: the first reading is recorded, and the second one shows that as well.
    private func trail(of cast: Cast) async throws -> [JSON] {
        let path = "/audit?organization=\(cast.organization)&limit=1000"
        _ = try await cast.server.get(path, as: cast.owner)
        return try await cast.server.get(path, as: cast.owner).elements
    }

    @Test func `Every change is in one of the parts, which follow each other`() async throws {
        let cast = try await Cast.make()
        let path = "/organization/\(cast.organization)/density"
        let trail = try await trail(of: cast)
        for buckets in [1, 2, 7, 100, 1000] {
            let shown = try await cast.server.get("\(path)?buckets=\(buckets)", as: cast.employee)
            #expect(shown.elements.count == buckets && counts(shown).reduce(0, +) == trail.count)
            let ends = shown.elements.map { ($0["from"]?.string, $0["to"]?.string) }
            #expect(zip(ends, ends.dropFirst()).allSatisfy { $0.1 == $1.0 })
            #expect(ends.last?.1 == trail.last?["time"]?.string)
        }
        #expect(try await cast.server.get(path, as: cast.owner).elements.count == 100)
    }

    @Test func `A part has what happened after its beginning and through its end`() async throws {
        let cast = try await Cast.make()
        let path = "/organization/\(cast.organization)/density?buckets=1"
        let trail = try await trail(of: cast)
        let times = trail.compactMap { $0["time"]?.string.flatMap { Instant(rfc3339: $0) } }
        // Events of one command have one time.
        func count(_ from: Instant, _ to: Instant) -> Int { times.filter { $0 > from && $0 <= to }.count }
        for (from, to) in [(times[1], times[5]), (times[0], times[0]), (times[3], times[4]), (times[2], .distant)] {
            let shown = try await cast.server.get("\(path)&from=\(from)&to=\(to)", as: cast.owner)
            #expect(counts(shown) == [count(from, to)], "\(from) to \(to)")
        }
        let late = try await cast.server.get("\(path)&to=\(times[4])", as: cast.owner)
        #expect(counts(late) == [times.filter { $0 <= times[4] }.count])
        let past = try await cast.server.get("\(path)&asOf=\(trail[6]["position"]?.integer ?? 0)", as: cast.owner)
        #expect(counts(past) == [7] && past.header("Directory-As-Of") != nil)
    }

    @Test func `With effective=true a change counts when it took effect`() async throws {
        let server = try await Server.shared
        let owner = try await server.makeAccount("owner")
        let (organization, person) = (UUID.version7(at: .now), UUID.version7(at: .now))
        func day(_ number: Int64) -> Instant { Instant(microseconds: 1_700_000_000_000_000 + number * 86_400_000_000) }
        let account = try #require(UUID(text: owner.id))
        let events: [(DirectoryEvent, Int64)] = [
            (.organization(organization, .created(name: "Past", alias: Erasable(unique("past-")))), 0),
            (.account(account, organization: organization, .roleGranted(role: "OWNER", employee: nil)), 0),
            (
                .employee(
                    person, organization: organization,
                    .created(name: "A", email: "a@x.de", role: nil, type: "EMPLOYEE", account: nil)), 10
            ),
            (.employee(person, organization: organization, .roleChanged(Change(from: nil, to: "B"))), 20),
        ]
        try await server.given(events.map { ($0.0, day($0.1)) })
        let path = "/organization/\(organization.text)/density?effective=true&buckets=2"
        let shown = try await server.get(path, as: owner)
        // The middle is just before the tenth day: the span begins just before the first change.
        #expect(counts(shown) == [2, 2], "\(shown.text)")
        #expect(shown.elements.last?["to"]?.string == day(20).description)
        let span = "&from=\(day(0))&to=\(day(20))"
        #expect(counts(try await server.get(path + span, as: owner)) == [1, 1])
        #expect(counts(try await server.get("\(path)\(span)&asOf=\(day(10))", as: owner)) == [1, 0])
        // By the time of recording all of it happened at once, today.
        let recorded = try await server.get("/organization/\(organization.text)/density?buckets=2\(span)", as: owner)
        #expect(counts(recorded) == [0, 0])
        // What differs between two days goes by the same times.
        let diff = try await server.get(
            "/audit/diff?organization=\(organization.text)&effective=true&from=\(day(9))&to=\(day(15))", as: owner)
        #expect(diff.elements.map { $0["entity"]?.string } == [person.text])
        #expect(diff.elements.first?["changes"]?.array?.contains { $0["field"] == "/role" } == false)
    }

    @Test(arguments: [
        ("buckets=0", "?buckets"), ("buckets=1001", "?buckets"), ("from=1", "?from"), ("to=soon", "?to"),
        ("from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z", "?from"), ("asOf=1&effective=true", "?asOf"),
        ("asOf=2999-01-01T00:00:00Z", "?asOf"),
    ])
    func `A span that is none is 400`(_ query: String, _ pointer: String) async throws {
        let cast = try await Cast.make()
        let refused = try await cast.server.get(
            "/organization/\(cast.organization)/density?\(query)", as: cast.owner)
        #expect(refused.status == 400 && refused.pointers == [pointer], "\(query): \(refused.text)")
    }

    @Test func `An organization elsewhere is not found`() async throws {
        let cast = try await Cast.make()
        let path = "/organization/\(cast.organization)/density"
        #expect(try await cast.server.get(path, as: cast.stranger).status == 404)
        #expect(try await cast.server.get(path, as: cast.owner, in: cast.foreign).status == 404)
        #expect(try await cast.server.get("\(path)?asOf=0", as: cast.owner).status == 404)
        #expect(try await cast.server.get("/organization/x/density", as: cast.owner).status == 404)
    }

    @Test func `The ends of parts divide a span, however long or short`() {
        for (low, high, parts) in [(0, 10, 3), (5, 5, 4), (-62_135_596_800_000_000, 253_402_300_799_999_999, 1_000)] {
            let bounds = Density.bounds(
                Instant(microseconds: Int64(low))...Instant(microseconds: Int64(high)), parts: Int64(parts))
            #expect(bounds.count == parts + 1 && bounds == bounds.sorted())
            #expect(bounds.first?.microseconds == Int64(low) && bounds.last?.microseconds == Int64(high))
            let widths = zip(bounds, bounds.dropFirst()).map { $1.microseconds - $0.microseconds }
            #expect((widths.max() ?? 0) - (widths.min() ?? 0) <= 1)
        }
    }
}

extension Instant {
    fileprivate static let distant = Instant(microseconds: 4_102_444_800_000_000)
}
