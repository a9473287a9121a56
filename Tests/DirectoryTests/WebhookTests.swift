import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing
import WebhooksProjection

/// The rules of webhooks, and of where they may lead.
@Suite struct WebhookTests {
    let world = World()
    let owner, admin, member, auditor, acme, other, webhook: UUID

    init() throws {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        admin = world.account("admin@example.com", "ADMIN", in: acme)
        member = world.account("member@example.com", "MANAGER", in: acme)
        auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        other = world.organization("Other", owner: world.account("other@example.com"))
        webhook = world.newID()
        let create = CreateWebhook(
            WebhookAddress(acme, webhook), url: try #require(WebhookURL("https://a.example/")), name: nil, types: [],
            secret: .sealed([1]), hosts: WebhookHosts())
        try world.when(create, by: owner)
    }

    private func create(_ url: String, in organization: UUID? = nil, hosts: String = "") throws -> CreateWebhook {
        CreateWebhook(
            WebhookAddress(organization ?? acme, world.newID()), url: try #require(WebhookURL(url)), name: "N",
            types: ["employee.*"], secret: .sealed([1]), hosts: try #require(WebhookHosts(hosts)))
    }

    private func change(
        _ organization: UUID? = nil, url: String? = nil, name: FieldEdit<String> = .keep,
        types: FieldEdit<[String]> = .keep, isActive: FieldEdit<Bool> = .keep
    ) throws -> ChangeWebhook {
        ChangeWebhook(
            WebhookAddress(organization ?? acme, webhook),
            url: try url.map { .set(try #require(WebhookURL($0))) } ?? .keep, name: name, types: types,
            isActive: isActive, hosts: WebhookHosts())
    }

    private func happened(_ events: [DirectoryEvent]) -> [WebhookEvent] {
        events.compactMap { if case .webhook(_, acme, let event) = $0 { event } else { nil } }
    }

    @Test func `OWNER and ADMIN create webhooks, which begin at the event that creates them`() throws {
        for account in [member, auditor] {
            refused(.forbidden) { try world.when(create("https://b.example/"), by: account) }
        }
        refused(.notFound) { try world.when(create("https://b.example/", in: other), by: owner) }
        let events = happened(try world.when(create("https://b.example/"), by: admin))
        #expect(events == [.created(types: ["employee.*"], url: "https://b.example/", name: "N")])
        let id = try #require(world.events.last?.payload.encoded.related)
        let progress = try world.view.row(WebhookProgresses.self, id)
        #expect(progress?.organization == acme && progress?.position == Position(world.events.count))
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: id)) == .sealed([1]))
    }

    @Test func `A change names what changed, and the same again is none`() throws {
        let changes = try change(url: "https://b.example/", name: .set("N"), types: .set(["group.*"]))
        #expect(
            happened(try world.when(changes, by: owner)) == [
                .changed([
                    ValueChange("types", from: [], to: ["group.*"]),
                    ValueChange("url", from: "https://a.example/", to: "https://b.example/"),
                    ValueChange("name", from: nil, to: "N"),
                ])
            ])
        #expect(try world.when(changes, by: owner).isEmpty)
        for account in [member, auditor] { refused(.forbidden) { try world.when(changes, by: account) } }
        refused(.notFound) { try world.when(change(world.newID(), name: .set("M")), by: owner) }
        refused(.notFound) { try world.when(change(other, name: .set("M")), by: owner) }
    }

    @Test func `A webhook is disabled and enabled on request`() throws {
        #expect(happened(try world.when(change(isActive: .set(false)), by: owner)) == [.disabled(.requested)])
        #expect(try world.when(change(isActive: .set(false)), by: owner).isEmpty)
        #expect(
            happened(try world.when(change(name: .set("N"), isActive: .set(true)), by: owner)) == [
                .changed([ValueChange("name", from: nil, to: "N")]), .enabled(.requested),
            ])
    }

    @Test func `A webhook without a secret cannot be enabled`() throws {
        let lost = world.newID()
        world.given(
            .webhook(lost, organization: acme, .created(types: [], url: "https://c.example/", name: nil)),
            .webhook(lost, organization: acme, .disabled(.noSecret)))
        let enable = ChangeWebhook(
            WebhookAddress(acme, lost), url: .keep, name: .keep, types: .keep, isActive: .set(true),
            hosts: WebhookHosts())
        refused(.rule, at: "/active") { try world.when(enable, by: owner) }
    }

    @Test func `A deleted webhook is gone, with its secret and its progress`() throws {
        let delete = DeleteWebhook(WebhookAddress(acme, webhook))
        refused(.forbidden) { try world.when(delete, by: member) }
        #expect(happened(try world.when(delete, by: admin)) == [.deleted(.requested)])
        #expect(try world.view.row(Webhooks.self, webhook) == nil)
        #expect(try world.view.row(Secrets.self, Secrets.Key(owner: webhook)) == nil)
        #expect(try world.view.row(WebhookProgresses.self, webhook) == nil)
        refused(.notFound) { try world.when(delete, by: owner) }
    }

    @Test func `The directory disables a webhook as it was, and no later one`() throws {
        let version = try #require(try world.view.version(Webhooks.self, webhook)).since
        try world.when(change(name: .set("N")), by: owner)
        #expect(try !world.submit(DisableWebhook(webhook, asOf: version, .failing)))
        let later = try #require(try world.view.version(Webhooks.self, webhook)).since
        #expect(try world.submit(DisableWebhook(webhook, asOf: later, .failing)))
        let last = try #require(world.events.last)
        #expect(last.payload == .webhook(webhook, organization: acme, .disabled(.failing)))
        #expect(last.author == .system)
        #expect(try !world.submit(DisableWebhook(webhook, asOf: later, .failing)))
        #expect(try !world.submit(DisableWebhook(world.newID(), asOf: later, .failing)))
    }

    @Test func `An organization has at most 100 webhooks, and none changes while it is INACTIVE`() throws {
        for _ in 0..<99 { try world.when(create("https://b.example/"), by: owner) }
        refused(.rule) { try world.when(create("https://b.example/"), by: owner) }
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.when(change(name: .set("N")), by: owner) }
        refused(.rule) { try world.when(DeleteWebhook(WebhookAddress(acme, webhook)), by: owner) }
        #expect(try world.when(change(isActive: .set(true)), by: owner).isEmpty)
    }

    @Test(arguments: [
        ("http://b.example/", ""), ("https://127.0.0.1/", ""), ("https://[::1]:8443/", ""), ("https://10.1.2.3/", ""),
        ("https://[::ffff:8.8.8.8]/", ""), ("http://b.example/", "c.example"), ("https://10.1.2.3/", "10.1.2.4"),
    ])
    func `http and addresses that are not public are refused`(_ url: String, _ hosts: String) throws {
        refused(.rule, at: "/url") { try world.when(create(url, hosts: hosts), by: owner) }
        if hosts.isEmpty { refused(.rule, at: "/url") { try world.when(change(url: url), by: owner) } }
    }

    @Test(arguments: [
        ("http://b.example/", "a.example, B.example"), ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("https://[::1]/", "[0:0::1]"), ("https://1.1.1.1/", ""), ("https://[2606:4700::1]/", ""),
    ])
    func `Hosts that the service allows may be reached in every way`(_ url: String, _ hosts: String) throws {
        #expect(try world.when(create(url, hosts: hosts), by: owner).count == 1)
    }

    @Test func `A list of hosts has names and addresses`() {
        for bad in ["a b/", "http://a", "a:80", "-a", "a..b", "1.2.3", "[1.2.3.4", "ü.example"] {
            #expect(WebhookHosts(bad) == nil, "\(bad)")
        }
        #expect(WebhookHosts(" ,") == WebhookHosts())
    }
}

/// URLs in the one form that everybody reads alike.
@Suite struct WebhookURLTests {
    @Test(arguments: [
        ("https://a.example", "https://a.example:443/"),
        ("https://A.Example/b?c=d%20e", "https://a.example:443/b?c=d%20e"),
        ("http://a.example:8080?x", "http://a.example:8080/?x"), ("https://[::1]/", "https://[0:0:0:0:0:0:0:1]:443/"),
        ("https://1.2.3.4:1/", "https://1.2.3.4:1/"), ("https://a_b.example/", "https://a_b.example:443/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example:443/"),
        ("https://a.example/@b:c", "https://a.example:443/@b:c"),
    ])
    func `A URL is requested in one form`(_ text: String, _ requested: String) throws {
        let url = try #require(WebhookURL(text))
        #expect(url.requested == requested && url.text == text)
        #expect(WebhookURL(url.requested)?.requested == requested)
    }

    @Test(arguments: [
        "", "a.example", "ftp://a.example/", "HTTPS://a.example/", "https:/a.example", "https://", "https:///a",
        "https://user@a.example/", "https://a.example@b.example/", "https://a.example/#x", "https://a.example:0/",
        "https://a.example:65536/", "https://a.example:/", "https://a.example:+1/", "https://a.example:8080:1/",
        "https://2130706433/", "https://127.1/", "https://0x7f.0x1/", "https://0x7f000001/", "https://127.0.0.1./",
        "https://a.example./", "https://a..example/", "https://-a.example/", "https://[::1/", "https://[1.2.3.4]/",
        "https://[fe80::1%25eth0]/", "https://bücher.example/", "https://a.example/ü", "https://a.example/ b",
        "https://a.example\\@b.example/", "https://a.example/%", "https://a.example/%zz", "https://%61.example/",
        "https://a.example/\nb", "https://a.example/[x]", "https://[::1]x/",
    ])
    func `Whatever programs might read differently is no URL`(_ text: String) {
        #expect(WebhookURL(text) == nil)
    }

    @Test func `A URL has at most 2048 bytes`() {
        let start = "https://a.example/"
        #expect(WebhookURL(start + String(repeating: "a", count: 2048 - start.utf8.count)) != nil)
        #expect(WebhookURL(start + String(repeating: "a", count: 2049 - start.utf8.count)) == nil)
    }
}

/// Which addresses are those of single hosts of the public internet.
@Suite struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::1",
        "3fff::1", "4000::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
    ])
    func `Special addresses are not public`(_ text: String) throws {
        #expect(try !#require(IPAddress(text)).isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888",
        "2003::1", "2606:4700::1111", "3ffe::1", "64:ff9b::808:808",
    ])
    func `Addresses of single hosts are public`(_ text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test func `An address is read from its text and written so that it is read again`() throws {
        for text in ["1.2.3.4", "::1", "2001:db8::8:800:200c:417a", "::ffff:1.2.3.4"] {
            let address = try #require(IPAddress(text))
            #expect(IPAddress(address.description) == address)
        }
        for bad in ["", "1.2.3", "1.2.3.4.5", "01.2.3.4x", "256.1.1.1", ":::", "1::2::3", "fe80::1%eth0", "[::1]"] {
            #expect(IPAddress(bad) == nil, "\(bad)")
        }
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }
}
