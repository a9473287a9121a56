import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import OrganizationKeysProjection
import Testing

/// The rules of organizations' keys, and of what their tokens may do.
@Suite struct OrganizationKeyTests {
    let world = World()
    let owner, admin, manager, employee, auditor, root, acme: UUID

    init() throws {
        root = world.newID()
        try world.submit(Bootstrap(email: "root@example.com", newAccount: root))
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        admin = world.account("admin@example.com", "ADMIN", in: acme)
        manager = world.account("manager@example.com", "MANAGER", in: acme)
        employee = world.account("employee@example.com", "EMPLOYEE", in: acme)
        auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
    }

    private func create(_ limit: String? = nil, in organization: UUID? = nil) -> CreateKey {
        CreateKey(
            KeyAddress(organization ?? acme, world.newID()), name: "payroll", limit: limit, secret: .sealed([1]))
    }

    /// A key that exists, as a token names it.
    private func key(_ limit: Role, in organization: UUID? = nil) -> Caller.Key {
        let id = world.newID()
        world.given(
            .organization(organization ?? acme, .keyCreated(id, limitToRole: limit.rawValue, name: "payroll")))
        return Caller.Key(id, limitedTo: limit)
    }

    private func caller(_ account: UUID, _ key: Caller.Key, at organization: UUID? = nil) -> Caller {
        Caller(.id(account), claimedOrganization: organization ?? acme, key: key)
    }

    @discardableResult
    private func when(_ mutation: some Mutation, by caller: Caller) throws -> [DirectoryEvent] {
        try world.execute(mutation, by: caller).events
    }

    private func limit(_ events: [DirectoryEvent]) -> String? {
        for case .organization(acme, .keyCreated(_, let limit, name: "payroll")) in events { return limit }
        return nil
    }

    // MARK: Creating

    @Test func `OWNER and ADMIN make keys, which have the rights of the request where no limit is named`() throws {
        #expect(try limit(world.when(create(), by: owner)) == "OWNER")
        #expect(try limit(world.when(create(), by: root)) == "OWNER")
        #expect(try limit(world.when(create(), by: admin)) == "ADMIN")
        for account in [manager, employee, auditor] { refused(.forbidden) { try world.when(create(), by: account) } }
        refused(.notFound) { try world.when(create(), by: world.account("stranger@example.com")) }
        refused(.notFound) { try world.when(create(in: world.newID()), by: root) }
    }

    @Test(arguments: Role.limits)
    func `A limit is never above what the request may do`(_ role: Role) throws {
        #expect(try limit(world.when(create(role.rawValue), by: owner)) == role.rawValue)
        guard role == .owner else {
            #expect(try limit(world.when(create(role.rawValue), by: admin)) == role.rawValue)
            return
        }
        refused(.rule, at: "/limitToRole") { try world.when(create("OWNER"), by: admin) }
        let limited = caller(owner, key(.admin))
        refused(.rule, at: "/limitToRole") { try when(create("OWNER"), by: limited) }
        #expect(try limit(when(create(), by: limited)) == "ADMIN")
    }

    @Test(arguments: ["SYSTEM_ADMIN", "WIZARD", "ACCOUNT"])
    func `What is no role of an organization is no limit`(_ word: String) {
        for account in [owner, root] {
            refused(.rule, at: "/limitToRole") { try world.when(create(word), by: account) }
        }
    }

    @Test func `An organization has at most 100 keys, and an INACTIVE one takes none and loses none`() throws {
        for _ in 0..<100 { try world.when(create(), by: owner) }
        refused(.rule) { try world.when(create(), by: owner) }
        let first = try #require(
            try world.view.keys(OrganizationKeys.byOrganization, [.uuid(acme)]).first)
        try world.when(DeleteKey(KeyAddress(acme, first)), by: owner)
        try world.when(create(), by: owner)
        world.given(.organization(acme, .deactivated))
        let other = try #require(
            try world.view.keys(OrganizationKeys.byOrganization, [.uuid(acme)]).first)
        refused(.rule) { try world.when(DeleteKey(KeyAddress(acme, other)), by: owner) }
        refused(.rule) { try world.when(create(), by: owner) }
    }

    @Test func `A key's secret is written with it, and goes with it`() throws {
        let id = world.newID()
        let made = CreateKey(KeyAddress(acme, id), name: "k", limit: nil, secret: .sealed([7]))
        try world.when(made, by: owner)
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: id)) == .sealed([7]))
        let events = try world.when(DeleteKey(KeyAddress(nil, id)), by: owner, in: acme)
        #expect(events == [.organization(acme, .keyDeleted(id, limitToRole: "OWNER", name: "k"))])
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: id)) == nil)
        refused(.notFound) { try world.when(DeleteKey(KeyAddress(acme, id)), by: owner) }
    }

    @Test func `A caller who is not shown keys cannot tell one that exists from one that does not`() throws {
        let id = key(.admin).id
        for unknown in [id, world.newID()] {
            for account in [manager, employee] {
                refused(.forbidden) { try world.when(DeleteKey(KeyAddress(acme, unknown)), by: account) }
            }
        }
        refused(.forbidden) { try world.when(DeleteKey(KeyAddress(acme, id)), by: auditor) }
        refused(.notFound) { try world.when(DeleteKey(KeyAddress(acme, world.newID())), by: auditor) }
        let other = world.organization("Other", owner: owner)
        refused(.notFound) { try world.when(DeleteKey(KeyAddress(other, id)), by: owner) }
        try world.when(DeleteKey(KeyAddress(acme, id)), by: admin)
    }

    // MARK: Tokens

    @Test func `A key counts as long as it exists, its organization is active and the account has a role there`() throws
    {
        let key = key(.owner)
        let change = ChangeOrganization(
            acme, name: .set("Apex"), alias: .keep, ownerEmail: nil, ownerID: world.newID())
        try when(change, by: caller(owner, key))
        refused(.unauthenticated) { try when(change, by: caller(root, key)) }
        let beta = world.organization("Beta", owner: owner)
        refused(.unauthenticated) { try when(change, by: caller(owner, key, at: beta)) }
        refused(.unauthenticated) { try when(change, by: caller(owner, Caller.Key(world.newID(), limitedTo: .owner))) }
        // Its limit is that of the key, whatever a token's verifier says.
        refused(.unauthenticated) {
            try when(change, by: caller(owner, Caller.Key(self.key(.admin).id, limitedTo: .owner)))
        }
        world.given(.organization(acme, .deactivated))
        refused(.unauthenticated) { try when(change, by: caller(owner, key)) }
        world.given(.organization(acme, .activated))
        world.grant(root, "INVENTED", in: acme)
        refused(.unauthenticated) { try when(change, by: caller(root, key)) }
        world.grant(root, "AUDITOR", in: acme)
        refused(.forbidden) { try when(change, by: caller(root, key)) }
        try when(DeleteKey(KeyAddress(acme, key.id)), by: caller(owner, key))
        refused(.unauthenticated) { try when(change, by: caller(owner, key)) }
    }

    @Test func `Rights are those that account and limit both have`() throws {
        func may(_ account: UUID, _ limit: Role) -> Bool {
            let mutation = CreateEmployee(
                id: world.newID(), name: "E", email: "\(world.newID())@x.de", account: nil, role: nil, type: nil)
            return (try? when(mutation, by: caller(account, key(limit)))) != nil
        }
        for limit in Role.limits {
            let changes = limit == .owner || limit == .admin
            #expect(may(owner, limit) == changes, "\(limit)")
            #expect(may(admin, limit) == changes, "\(limit)")
            for account in [manager, employee, auditor] { #expect(!may(account, limit), "\(limit)") }
        }
        for (limit, isAllowed) in [(Role.owner, true), (.admin, false)] {
            let member = world.account("\(limit)@x.de")
            let grant = GrantRole(.id(member), organization: acme, role: "OWNER", employee: nil)
            world.grant(member, "EMPLOYEE", in: acme)
            let isDone = (try? when(grant, by: caller(owner, key(limit)))) != nil
            #expect(isDone == isAllowed, "\(limit)")
        }
    }

    @Test func `A limit of AUDITOR changes nothing, not even what is one's own`() throws {
        world.given(
            .employee(
                world.newID(), organization: acme,
                .created(name: "Emil", email: "emil@x.de", role: nil, type: "EMPLOYEE", account: employee)))
        let own = try #require(world.events.last?.payload.stream)
        let edit = ChangeEmployeeProfile(own, ProfileEdits(["bio": .set("b")], replaces: false))
        for account in [employee, owner] { refused(.forbidden) { try when(edit, by: caller(account, key(.auditor))) } }
        for limit in [Role.employee, .manager, .admin, .owner] {
            let edit = ChangeEmployeeProfile(own, ProfileEdits(["bio": .set("\(limit)")], replaces: false))
            #expect(try when(edit, by: caller(employee, key(limit))).count == 1, "\(limit)")
        }
    }

    @Test func `An account's rights over itself, and those of the platform, do not come with a key`() throws {
        let key = key(.owner)
        world.grant(owner, "SYSTEM_ADMIN", in: nil)
        let rename = ChangeAccount(.id(owner), name: .set("O"), email: .keep)
        refused(.forbidden) { try when(rename, by: caller(owner, key)) }
        let giveUp = RevokeRole(.id(employee), organization: acme, role: "EMPLOYEE")
        refused(.forbidden) { try when(giveUp, by: caller(employee, key)) }
        refused(.notFound) {
            try when(RevokeRole(.id(owner), organization: nil, role: "SYSTEM_ADMIN"), by: caller(owner, key))
        }
        refused(.forbidden) {
            try when(
                CreateOrganization(id: world.newID(), name: "N", alias: nil, ownerEmail: nil, ownerID: world.newID()),
                by: caller(owner, key))
        }
        try world.when(giveUp, by: employee)
    }

    @Test func `The trail knows the key, and the highest role of what is left of the account's`() throws {
        let key = key(.admin)
        let change = ChangeOrganization(
            acme, name: .set("Apex"), alias: .keep, ownerEmail: nil, ownerID: world.newID())
        try when(change, by: caller(owner, key))
        let author = try #require(world.events.last?.author)
        #expect(author.account == owner && author.key == key.id && author.role == "ADMIN")
    }

    @Test func `An account that it made is seen with the right to make some`() throws {
        let key = key(.admin)
        let made = world.newID()
        try when(CreateAccount(id: made, name: nil, email: "made@x.de"), by: caller(owner, key))
        func rename(_ limit: Caller.Key) throws -> Any {
            try when(ChangeAccount(.id(made), name: .set("N"), email: .keep), by: caller(owner, limit))
        }
        refused(.forbidden) { try rename(key) }
        refused(.notFound) { try rename(self.key(.manager)) }
    }

    // MARK: Secrets

    @Test func `A sealed secret opens under its own master key, for its own owner and name`() throws {
        let keys = SecretKeys(master: Array(repeating: 1, count: 32))
        let key = Secrets.Key(owner: world.newID())
        let secret = Array("the secret".utf8)
        guard case .sealed(let sealed) = try keys.seal(secret, for: key) else { return #expect(Bool(false)) }
        #expect(try keys.open(sealed, of: key) == secret)
        #expect(try keys.seal(secret, for: key) != .sealed(sealed), "never the same twice")
        #expect(throws: (any Error).self) { try keys.open(sealed, of: Secrets.Key(owner: world.newID())) }
        #expect(throws: (any Error).self) { try keys.open(sealed, of: Secrets.Key(owner: key.owner, name: "n")) }
        #expect(throws: (any Error).self) {
            try SecretKeys(master: Array(repeating: 2, count: 32)).open(sealed, of: key)
        }
        var changed = sealed
        changed[20] ^= 1
        #expect(throws: (any Error).self) { try keys.open(changed, of: key) }
        #expect("\(keys)" == "SecretKeys")
    }

    @Test func `A digest is the same for every owner, and another for another name, secret or master key`() {
        let keys = SecretKeys(master: Array(repeating: 1, count: 32))
        let digest = keys.digest(of: "secret", named: "token")
        #expect(keys.digest(of: "secret", named: "token") == digest)
        #expect(keys.digest(of: "secret", named: "tokens") != digest)
        #expect(keys.digest(of: "nsecret", named: "toke") != digest)
        #expect(keys.digest(of: "Secret", named: "token") != digest)
        #expect(SecretKeys(master: Array(repeating: 2, count: 32)).digest(of: "secret", named: "token") != digest)
        let kelvin = Secrets.Key(owner: acme, name: "\u{212A}")
        #expect(kelvin != Secrets.Key(owner: acme, name: "K"))
    }
}
