import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// The rules of secrets: of apps, of mappings, of organizations' keys.
@Suite struct SecretTests {
    let world = World()
    let owner, acme, app: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        app = world.app(in: acme)
    }

    private static let kept = FieldEdit<Secret>.keep

    private func set(_ byte: UInt8) -> FieldEdit<Secret> { .set(.digest([byte])) }

    private func change(_ secrets: (name: String, edit: FieldEdit<Secret>)...) -> ChangeApp {
        ChangeApp(
            AppAddress(acme, app), type: .keep, externalID: .keep, name: .keep, isInternal: .keep, appData: .keep,
            secrets: SecretEdits(secrets))
    }

    private func many(_ count: Int) -> SecretEdits { SecretEdits((0..<count).map { ("s\($0)", set(1)) }) }

    private func stored(_ name: String, of owner: UUID? = nil) throws -> Secret? {
        try world.view.row(Secrets.self, Secrets.Key(owner: owner ?? app, name: name))
    }

    private func changed(set: [String] = [], removed: [String] = []) -> [DirectoryEvent] {
        [.app(app, organization: acme, .secretsChanged(SecretNames(set: set, removed: removed)))]
    }

    @Test func `A new app's secrets are named in the log, and kept alongside it`() throws {
        let address = AppAddress(acme, world.newID())
        let events = try world.when(
            AddApp(
                address, type: "SLACK", externalID: nil, name: nil, isInternal: nil, appData: nil,
                secrets: SecretEdits([("token", set(7)), ("other", Self.kept), ("none", .clear)])), by: owner)
        #expect(
            events.last == .app(address.id, organization: acme, .secretsChanged(SecretNames(set: ["token"]))))
        #expect(try stored("token", of: address.id) == .digest([7]))
        #expect(try stored("other", of: address.id) == nil)
        #expect(try stored("none", of: address.id) == nil)
    }

    @Test func `Secrets are merged by their names`() throws {
        #expect(try world.when(change(("a", set(1)), ("b", set(2))), by: owner) == changed(set: ["a", "b"]))
        #expect(
            try world.when(change(("a", set(3)), ("b", Self.kept), ("c", set(4))), by: owner)
                == changed(set: ["a", "c"]))
        #expect(try world.when(change(("b", .clear)), by: owner) == changed(removed: ["b"]))
        #expect(try stored("a") == .digest([3]))
        #expect(try stored("b") == nil)
        #expect(try stored("c") == .digest([4]))
    }

    @Test func `A secret that is the same again, or that is not there to be removed, is no change`() throws {
        try world.when(change(("a", set(1))), by: owner)
        #expect(try world.when(change(("a", set(1)), ("b", .clear), ("c", Self.kept)), by: owner).isEmpty)
        #expect(try stored("a") == .digest([1]))
    }

    @Test func `Names of secrets are told apart by their bytes`() throws {
        try world.when(change(("\u{E9}", set(1)), ("e\u{301}", set(2))), by: owner)
        #expect(try world.when(change(("\u{E9}", .clear)), by: owner) == changed(removed: ["\u{E9}"]))
        #expect(try stored("e\u{301}") == .digest([2]))
        #expect(try stored("\u{E9}") == nil)
    }

    @Test func `An app has at most 100 secrets, however they come`() throws {
        func change(_ secrets: SecretEdits) -> ChangeApp {
            ChangeApp(
                AppAddress(acme, app), type: .keep, externalID: .keep, name: .keep, isInternal: .keep, appData: .keep,
                secrets: secrets)
        }
        refused(.rule, at: "/secretData") { try world.when(change(many(101)), by: owner) }
        refused(.rule, at: "/secretData") {
            try world.when(
                AddApp(
                    AppAddress(acme, world.newID()), type: "SLACK", externalID: nil, name: nil, isInternal: nil,
                    appData: nil, secrets: many(101)), by: owner)
        }
        #expect(try world.when(change(many(100)), by: owner).count == 1)
        refused(.rule, at: "/secretData") { try world.when(self.change(("more", set(1))), by: owner) }
        #expect(try world.when(self.change(("more", set(1)), ("s0", .clear)), by: owner).count == 1)
    }

    @Test func `What is refused leaves no secret`() throws {
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        refused(.forbidden) { try world.when(change(("a", set(1))), by: member) }
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.when(change(("a", set(1))), by: owner) }
        #expect(try stored("a") == nil)
    }

    @Test func `A mapping keeps the secrets that a PUT does not name, and takes them along when it goes`() throws {
        let address = MappingAddress(EntityReference(.organization, acme), app, "user")
        let id = world.newID()
        func put(_ secrets: (name: String, edit: FieldEdit<Secret>)...) throws -> [DirectoryEvent] {
            try world.when(
                SetMapping(
                    address, mappedID: "U", reference: nil, data: [:], secrets: SecretEdits(secrets), id: id), by: owner
            )
        }
        #expect(try put(("a", set(1)), ("b", set(2))).count == 1)
        #expect(try put().isEmpty)
        #expect(try put(("b", .clear)).count == 1)
        #expect(try stored("a", of: id) == .digest([1]))
        #expect(try stored("b", of: id) == nil)
        try world.when(RemoveMapping(address), by: owner)
        #expect(try stored("a", of: id) == nil)
    }

    @Test func `A mapping has at most 100 secrets`() throws {
        func put(_ secrets: SecretEdits) -> SetMapping {
            SetMapping(
                MappingAddress(EntityReference(.organization, acme), app, "user"), mappedID: "U", reference: nil,
                data: [:], secrets: secrets, id: world.newID())
        }
        refused(.rule, at: "/mappingSecrets") { try world.when(put(many(101)), by: owner) }
        #expect(try world.when(put(many(100)), by: owner).count == 1)
        refused(.rule, at: "/mappingSecrets") { try world.when(put(SecretEdits([("more", set(1))])), by: owner) }
    }

    @Test func `A key that is made again under its Idempotency-Key keeps its first secret`() throws {
        let id = world.newID()
        func create(_ secret: UInt8, id: UUID) throws -> [DirectoryEvent] {
            let repeated = Idempotency(
                credential: "", method: "POST", path: "/keys", key: "k", body: [1], digestedBy: World.secretKeys)
            return try world.execute(
                CreateKey(KeyAddress(acme, id), name: "k", limit: nil, secret: .sealed([secret])),
                by: Caller(.id(owner)), key: repeated
            ).events
        }
        #expect(try create(1, id: id).count == 1)
        let other = world.newID()
        #expect(try create(2, id: other).isEmpty)
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: id)) == .sealed([1]))
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: other)) == nil)
    }

    @Test func `Secrets are equal where all their bytes are, and their kind`() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(Secret.digest(bytes) == .digest([1, 2, 3]))
        for other in [[1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0], []] as [[UInt8]] {
            #expect(Secret.digest(bytes) != .digest(other))
            #expect(Secret.sealed(bytes) != .sealed(other))
        }
        #expect(Secret.sealed(bytes) == .sealed(bytes))
        #expect(Secret.digest(bytes) != .sealed(bytes))
    }

    @Test func `A key that is not made has no secret`() throws {
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        let id = world.newID()
        refused(.rule, at: "/limitToRole") {
            try world.when(
                CreateKey(KeyAddress(acme, id), name: "k", limit: "OWNER", secret: .sealed([1])), by: admin)
        }
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: id)) == nil)
    }
}
