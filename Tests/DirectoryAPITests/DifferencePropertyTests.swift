import CanonicalJSON
import TestSupport
import Testing

@testable import DirectoryAPI

/// Over random histories, what differs between two positions is what makes all GETs of the one those of the other.
@Suite(.timeLimit(.minutes(10))) struct DifferencePropertyTests {
    private typealias Place = Snapshot.Place
    private typealias Differences = [Place: (from: JSON?, to: JSON?)]

    @Test(arguments: [1, 2] as [UInt64])
    func `What differs makes everything that was shown at one position what is shown at another`(
        _ seed: UInt64
    ) async throws {
        // Of its own: SYSTEM_ADMIN reads all that it shows.
        let server = try await Server.start()
        var history = try await RandomHistory.ofOneOrganization(server, seed)
        for _ in 0..<400 { try await history.change() }
        let positions = [0] + history.ends
        let entries = try await trail(history)
        var random = SeededGenerator(seed)
        var fields: Set<String> = []
        for _ in 0..<12 {
            let (one, other) = (random.pick(positions), random.pick(positions))
            // Nothing is found where there is no organization yet.
            let (from, to) = (min(one, other), max(one, other, positions[1]))
            let expected = try await Snapshot.read(history, as: server.admin, at: to).differences(
                from: try await Snapshot.read(history, as: server.admin, at: from))
            let path = "/audit/diff?organization=\(history.organization)&from=\(from)&to=\(to)"
            let shown = try await server.get(path, as: server.admin)
            expectSame(try differences(shown.elements), expected, "\(from) to \(to)")
            for entity in shown.elements { expectMade(entity, by: entries, after: from, through: to) }
            fields.formUnion(expected.keys.map(\.field))
            #expect(try await paged(path, server) == shown.elements)
        }
        #expect(
            fields.isSuperset(of: [
                "/status", "/name", "/email", "/role", "/type", "/account", "/managers", "/groups", "/grants", "/apps",
                "/mappings", "/preferences", "/keys", "/profile/bio", "/profile/gender",
            ]), "\(fields.sorted())")
        try await server.stop()
    }

    /// What an answer says, in the form of snapshots.
    private func differences(_ entities: [JSON]) throws -> Differences {
        var differences: Differences = [:]
        for entity in entities {
            let id = try #require(entity["entity"]?.string)
            #expect(entity["changes"]?.array?.isEmpty == false)
            for change in entity["changes"]?.array ?? [] {
                let field = try #require(change["field"]?.string)
                let element = try #require(change["from"] ?? change["to"])
                let place = Place(entity: id, field: field, element: Self.element(of: field, element))
                let known = differences[place]
                // A mapping that ended, and another in its place.
                if known != nil { #expect(field == "/mappings", "\(field) twice") }
                differences[place] = (
                    change["from"]?.normal ?? known?.from, change["to"]?.normal ?? known?.to
                )
            }
        }
        return differences
    }

    private static func element(of field: String, _ value: JSON) -> JSON {
        let names: [String: String] = [
            "/managers": "managerId", "/groups": "groupId", "/grants": "role", "/keys": "id", "/apps": "id",
            "/preferences": "namespace",
        ]
        if field == "/mappings" { return [value["app"] ?? nil, value["namespace"] ?? nil] }
        return names[field].flatMap { value[$0] } ?? nil
    }

    private func expectSame(_ shown: Differences, _ expected: Differences, _ span: String) {
        for place in Set(shown.keys).union(expected.keys).sorted() {
            let (shown, expected) = (shown[place], expected[place])
            let isSame =
                switch place.field {
                case "/apps": isPart(shown, of: expected)
                // One that ended does not say all that it was, and one that took its place is told even if it says the same.
                case "/mappings": isReplaced(shown, expected) || isPart(shown, of: expected)
                default: shown?.from == expected?.from && shown?.to == expected?.to
                }
            #expect(
                isSame,
                "\(span): \(place) \(text(shown?.from)) → \(text(shown?.to)), not \(text(expected?.from)) → \(text(expected?.to))"
            )
        }
    }

    /// Whether the members that are shown are those that differ, besides those that identify the element.
    private func isPart(_ shown: (from: JSON?, to: JSON?)?, of expected: (from: JSON?, to: JSON?)?) -> Bool {
        guard let shown, let expected else { return shown == nil && expected == nil }
        guard (shown.from == nil) == (expected.from == nil), (shown.to == nil) == (expected.to == nil) else {
            return false
        }
        let names = [shown.from, shown.to, expected.from, expected.to].flatMap { $0?.members ?? [] }.map(\.name)
        return names.allSatisfy { name in
            let isShown = shown.from?[name] != nil || shown.to?[name] != nil
            let isEqual = expected.from?[name] == expected.to?[name]
            return isShown
                ? shown.from?[name] == expected.from?[name] && shown.to?[name] == expected.to?[name]
                : isEqual || shown.to == nil
        }
    }

    private func isReplaced(_ shown: (from: JSON?, to: JSON?)?, _ expected: (from: JSON?, to: JSON?)?) -> Bool {
        guard let from = shown?.from, let to = shown?.to else { return false }
        guard let expected else { return from["mappedId"] == to["mappedId"] }
        return to == expected.to && (from.members ?? []).allSatisfy { expected.from?[$0.name] == $0.value }
    }

    /// The positions are those of events of the entity in the span that changed a field that differs, the last ones among them.
    private func expectMade(_ entity: JSON, by entries: [Int64: JSON], after from: Int, through to: Int) {
        let id = entity["entity"]?.string
        let differing = Set((entity["changes"]?.array ?? []).compactMap { $0["field"]?.string })
        let positions = (entity["positions"]?.array ?? []).compactMap(\.integer)
        #expect(!positions.isEmpty && positions == positions.sorted())
        var explained: Set<String> = []
        for position in positions {
            let entry = entries[position]
            #expect(position > from && position <= to)
            #expect(entry?["targets"]?.array?.first?["id"]?.string == id)
            var changed = Set((entry?["changes"]?.array ?? []).compactMap { $0["field"]?.string })
            if entry?["type"]?.string?.hasSuffix(".created") == true { changed.insert("/status") }
            #expect(!changed.isDisjoint(with: differing), "\(position) changed \(changed)")
            explained.formUnion(changed)
        }
        #expect(differing.isSubset(of: explained), "\(differing) by \(explained)")
    }

    /// The trail of the organization, by position.
    private func trail(_ history: RandomHistory) async throws -> [Int64: JSON] {
        var entries: [Int64: JSON] = [:]
        var after = 0
        while true {
            let page = try await history.server.get(
                "/audit?organization=\(history.organization)&limit=1000&after=\(after)", as: history.server.admin)
            for entry in page.entries { entries[try #require(entry["position"]?.integer)] = entry }
            guard page.entries.count == 1000, let next = page.nextAfter else { return entries }
            after = next
        }
    }

    /// All pages of a difference, which may be short.
    private func paged(_ path: String, _ server: Server) async throws -> [JSON] {
        var elements: [JSON] = []
        var next: String? = path + "&limit=3"
        while let path = next {
            let page = try await server.get(path, as: server.admin)
            #expect(page.elements.count <= 3)
            elements += page.elements
            next = page.nextPath
        }
        return elements
    }
}
