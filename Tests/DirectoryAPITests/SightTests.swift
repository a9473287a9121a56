import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventLog
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// What a caller sees is decided twice: in Swift for what mutations show, in SQL for reads and lists. Over random directories
/// both see the same, field by field and under the same tag, for every caller, entity and organization named by claim or header.
@Suite struct SightTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Swift and SQL show every caller the same of every entity`(_ seed: UInt64) async throws {
        let server = try await Server.start()
        var directory = RandomSights(seed)
        try await server.given(directory.events())
        try await server.keep(directory.secrets, of: directory.organizations[0])
        let view = try await server.replayed()
        var seenWithKeys = 0
        for caller in directory.callers {
            let person =
                if let key = caller.key {
                    directory.signingKey(key).person(Person(id: caller.account.text, email: "", token: ""))
                } else {
                    try await server.person(caller.account.text, "", confinedTo: caller.claim?.text)
                }
            for (kind, shown, part, ids) in directory.entities {
                for id in ids {
                    let isSeen = try await expectSame(server, view, caller, person, kind, shown, part, id)
                    if isSeen, caller.key != nil { seenWithKeys += 1 }
                }
            }
            try await expectSameLists(server, view, caller, person, directory)
        }
        #expect(seenWithKeys > 20)
        try await server.stop()
    }

    /// - Returns: whether the caller sees it.
    private func expectSame(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ kind: EntityKind,
        _ shown: Presentation, _ part: String, _ id: UUID
    ) async throws -> Bool {
        let path = "/\(kind.word)/\(id.text)\(part)"
        let answer = try await server.get(path, as: person, in: caller.named?.text)
        #expect(answer.status == 200 || answer.status == 404 || answer.status == 401, "\(answer.text)")
        let expected = render(kind, shown, view, caller, id)
        let isSeen = answer.status == 200
        #expect((isSeen ? answer.text : nil) == expected?.text, "\(caller) at \(path): \(answer.status)")
        #expect((isSeen ? answer.tag : nil) == expected?.tag, "\(caller) at \(path)")
        return isSeen
    }

    private func expectSameLists(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ directory: RandomSights
    ) async throws {
        let unnamed = RandomSights.Caller(account: caller.account, claim: caller.claim, named: nil, key: caller.key)
        let lists: [(EntityKind, Presentation, [UUID])] = [
            (.organization, .organization, directory.organizations),
            (.account, .account, [UUID(text: server.admin.id)].compactMap(\.self) + directory.accounts),
        ]
        for (kind, shown, ids) in lists {
            let answer = try await server.get("/\(kind.word)", as: person)
            let seen = ids.compactMap { render(kind, shown, view, unnamed, $0)?.text }
            // A token for an organization in which its account has no role finds nothing, not even an empty list.
            let expected = answer.status == 200 ? "[\(seen.joined(separator: ","))]" : ""
            #expect(answer.status == 200 ? answer.text == expected : seen.isEmpty, "\(caller) at \(kind.word)")
        }
        for group in directory.groups {
            try await expectSameMembers(
                server, view, unnamed, person, group, directory.members[group] ?? [])
        }
    }

    /// Of a group's members a caller is listed those accounts that it sees.
    private func expectSameMembers(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ group: UUID,
        _ members: [UUID]
    ) async throws {
        let seen = Set(
            members.filter { render(.account, .account, view, caller, $0) != nil }.map(\.text))
        for query in ["", "?transitive=true", "?entity=ACCOUNT&membership=MEMBER"] {
            let answer = try await server.get("/group/\(group.text)/members\(query)", as: person)
            guard answer.status == 200 else {
                #expect(render(.group, .group, view, caller, group) == nil, "\(caller): \(answer.text)")
                continue
            }
            #expect(Set(answer.elements.compactMap { $0["entity"]?.string }) == seen, "\(caller) at \(query)")
        }
    }

    /// What Swift shows, and its tag; `nil` where it shows nothing.
    private func render(
        _ kind: EntityKind, _ shown: Presentation, _ view: View, _ caller: RandomSights.Caller, _ id: UUID
    ) -> (text: String, tag: String)? {
        guard
            let authority = try? Authority(
                Directory.Caller(
                    .id(caller.account), claimedOrganization: caller.claim, namedOrganization: caller.named,
                    key: caller.key.map { Directory.Caller.Key($0.id, limitedTo: $0.limit) }),
                in: view), (try? authority.checkStatedOrganization()) != nil
        else { return nil }
        func sees<P: OrganizationEntityProjection>(_ entities: P.Type) -> Bool {
            (try? view.visible(entities, id, authority)) != nil
        }
        let isSeen =
            (kind.entities as? any OrganizationEntityProjection.Type).map { sees($0) }
            ?? ((try? view.visibleAccount(id, authority)) != nil)
        guard isSeen, let shown = try? shown.render(view, authority, id) else { return nil }
        return (String(decoding: shown.json, as: UTF8.self), shown.tag.description)
    }
}

/// Keeps secrets, with an event that changes no row.
private struct KeepSecrets: Command {
    let organization: UUID
    let secrets: [(Secrets.Key, Secret)]

    var loads: [Load] { [] }

    func decide(_ view: View, at now: Instant) -> (Decision<DirectoryEvent>, Void) {
        let event = DirectoryEvent.organization(organization, .importCompleted(import: organization, lines: 1))
        let writes = secrets.map { key, secret in SideWrite(Secrets.self, key) { _ in secret } }
        return (Decision([Proposed(event)], by: .system, writing: writes), ())
    }

    func respond(_ view: View, _ outcome: Outcome, _ memo: Void) {}
}

extension Server {
    fileprivate func keep(_ secrets: [UUID: [UInt8]], of organization: UUID) async throws {
        let sealed = try secrets.map { id, secret in
            let key = Secrets.Key(owner: id)
            return (key, try service.secrets.seal(secret, for: key))
        }
        try await service.processor.submit(KeepSecrets(organization: organization, secrets: sealed))
    }

    /// The whole log, folded into a view of values.
    fileprivate func replayed() async throws -> View {
        let view = View(complete: true)
        let (statement, parameters) = Replaying.page(after: 0, limit: 100_000)
        let events: [Event<DirectoryEvent>] = try Replaying.events(try await service.reads.read(statement, parameters))
        for event in events {
            func fold<P: Projection>(_ projection: P.Type) where P.Payload == DirectoryEvent {
                view.table(projection).apply(event)
                _ = view.table(projection).takeChanges()
            }
            for projection in Directory.projections { fold(projection) }
        }
        return view
    }
}
