import CanonicalJSON
import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// Deliveries to receivers on this machine.
@Suite(.timeLimit(.minutes(10))) struct WebhookDeliveryTests {
    /// Whether a delivery is signed as Standard Webhooks says, worked out from its text and not by what signs.
    private static func isSigned(_ delivery: Receiver.Delivery, with secret: String) throws -> Bool {
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
        let time = try #require(delivery.headers["webhook-timestamp"])
        var signed = Data("\(delivery.id).\(time).".utf8)
        signed.append(contentsOf: delivery.body)
        let signature = try #require(delivery.headers["webhook-signature"])
        guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
            return false
        }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: SymmetricKey(data: key))
    }

    @Test func `A signature is the one that Standard Webhooks publishes`() throws {
        let secret = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookSignature.signature(
            of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            secret: Array(secret))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `What happens is delivered once, in order, signed, as the trail shows it to an AUDITOR`() async throws {
        let server = try await Server.deliveringToLoopback
        let cast = try await Cast.make(server)
        let receiver = try await Receiver.start()
        let (id, secret) = try await server.makeWebhook(cast.organization, by: cast.owner, url: receiver.url)
        for _ in 0..<5 { try await server.rename(cast.organization, by: cast.owner) }
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner, name: "Ada Keller")
        try await server.assign(cast.managerEmployee, to: employee, by: cast.owner)
        // What happens elsewhere is nobody's business here.
        try await server.rename(cast.foreign, by: cast.stranger)
        let last = try await server.rename(cast.organization, by: cast.owner)
        let deliveries = try await receiver.deliveries { $0.last?.position == Int64(last.position) }
        let shown = try await server.deliveries(to: id, of: cast.organization, by: cast.owner) { $0.count == 8 }
        #expect(shown.map { $0["position"]?.integer } == deliveries.map(\.position).reversed())
        #expect(shown.allSatisfy { $0["delivered"] == true && $0["status"] == 204 && $0["attempt"] == 1 })
        // Reading the trail is an event, too.
        let made = try await server.get("/audit?entity=\(id)&limit=1", as: cast.owner).positions[0]
        let trail = try await server.get(
            "/audit?organization=\(cast.organization)&after=\(made)&limit=1000", as: cast.auditor)
        let entries = trail.entries
        #expect(deliveries.count == 8 && entries.count == 8)
        for (delivery, entry) in zip(deliveries, entries) {
            let data = delivery.json["data"]
            for member in ["position", "id", "time", "type", "organization", "actor", "changes", "context"] {
                #expect(text(data?[member]) == text(entry[member]), "\(member)")
            }
            // Names are those of the moment, and the organization's has changed.
            if delivery.type == "employee.manager_assigned" {
                #expect(text(data) == text(entry) && text(entry).contains("Mona Manager"))
            }
        }
        let described = Description.own.document["webhooks"]?["event"]?["post"]
        let schema = try #require(
            described?["requestBody"]?["content"]?["application/cloudevents+json"]?["schema"] as JSON?)
        for delivery in deliveries {
            #expect(try Self.isSigned(delivery, with: secret))
            #expect(delivery.headers["content-type"] == "application/cloudevents+json")
            #expect(SchemaCheck(document: Description.own.document).faults(delivery.json, schema) == [])
            let sent = delivery.headers.keys.filter { $0.hasPrefix("webhook-") }
            #expect(sent.sorted() == (described?["parameters"]?.array ?? []).compactMap { $0["name"]?.string }.sorted())
            #expect(delivery.id == delivery.json["id"]?.string && delivery.id == delivery.json["data"]?["id"]?.string)
            #expect(delivery.json["specversion"] == "1.0" && delivery.json["source"]?.string?.hasPrefix("//") == true)
        }
        await receiver.stop()
    }

    @Test func `Only events of the types that a webhook asks for are delivered`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start()
        try await server.makeWebhook(
            organization, by: owner, url: receiver.url, types: ["group.*", "employee.manager_assigned"])
        let (first, second) = (
            try await server.makeEmployee(organization, by: owner),
            try await server.makeEmployee(organization, by: owner)
        )
        try await server.rename(organization, by: owner)
        try await server.assign(first, to: second, by: owner)
        let group = try await server.makeGroup(organization, by: owner)
        try await server.delete("/group/\(group)", as: owner)
        let deliveries = try await receiver.deliveries { $0.count >= 3 }
        #expect(deliveries.map(\.type) == ["employee.manager_assigned", "group.created", "group.deactivated"])
        await receiver.stop()
    }

    @Test func `A receiver that fails gets the same event again, and then those after it`() async throws {
        let clock = SettableClock()
        let server = try await Server.startDelivering(clock: clock)
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start { before, _ in .answer(before < 3 ? [500, 404, 302][before] : 200) }
        let (id, secret) = try await server.makeWebhook(organization, by: owner, url: receiver.url)
        for _ in 0..<3 { try await server.rename(organization, by: owner) }
        for count in 1...3 {
            _ = try await server.deliveries(to: id, of: organization, by: owner) { $0.count == count }
            // Nothing is sent as long as the next attempt is not due, and no time passes.
            #expect(receiver.deliveries.count == count)
            clock.advance(hours: 1)
        }
        let deliveries = try await receiver.deliveries { $0.count >= 6 }
        #expect(Set(deliveries.prefix(4).map(\.id)).count == 1, "the same in each attempt")
        #expect(
            Set(deliveries.map(\.id)).count == 3 && deliveries.map(\.position) == deliveries.map(\.position).sorted())
        let times = deliveries.prefix(4).compactMap { $0.headers["webhook-timestamp"].flatMap { Int($0) } }
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 3600 }, "each attempt has its own time")
        for delivery in deliveries { #expect(try Self.isSigned(delivery, with: secret)) }
        let shown = try await server.deliveries(to: id, of: organization, by: owner) { $0.count == 6 }
        #expect(shown.reversed().map { $0["status"]?.integer } == [500, 404, 302, 200, 200, 200])
        #expect(shown.reversed().map { $0["attempt"]?.integer } == [1, 2, 3, 4, 1, 1])
        await receiver.stop()
        try await server.stop()
    }

    @Test func `A redirection is a failure, and is not followed`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let elsewhere = try await Receiver.start()
        let target = elsewhere.url
        let receiver = try await Receiver.start { _, _ in .answer(307, headers: ["location": target]) }
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url).id
        try await server.rename(organization, by: owner)
        let shown = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        #expect(shown.last?["status"] == 307 && shown.last?["delivered"] == false)
        #expect(elsewhere.deliveries.isEmpty)
        await receiver.stop()
        await elsewhere.stop()
    }

    @Test func `A receiver that hangs is given up, and keeps no other one waiting`() async throws {
        let server = try await Server.startDelivering { $0.answerTime = .milliseconds(500) }
        let (organization, owner) = try await server.makeOrganization()
        let hanging = try await Receiver.start { _, _ in .hang }
        let receiver = try await Receiver.start()
        let id = try await server.makeWebhook(organization, by: owner, url: hanging.url).id
        try await server.makeWebhook(organization, by: owner, url: receiver.url)
        try await server.rename(organization, by: owner)
        // The creation of the second webhook, and the change.
        #expect(try await receiver.deliveries { !$0.isEmpty }.count == 1)
        let shown = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        #expect(shown.last?["error"] == "TIMED_OUT" && shown.last?["status"] == nil)
        await hanging.stop()
        await receiver.stop()
        try await server.stop()
    }

    @Test func `An answer without an end is not read to its end`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start { _, _ in .endless }
        try await server.makeWebhook(organization, by: owner, url: receiver.url)
        for _ in 0..<3 { try await server.rename(organization, by: owner) }
        #expect(try await receiver.deliveries { $0.count >= 3 }.count == 3)
        await receiver.stop()
    }

    @Test func `A webhook that fails is tried at once when its URL has changed`() async throws {
        let server = try await Server.startDelivering(clock: SettableClock())
        let (organization, owner) = try await server.makeOrganization()
        // Nobody listens there.
        let id = try await server.makeWebhook(organization, by: owner, url: "http://127.0.0.1:1/").id
        try await server.rename(organization, by: owner)
        let shown = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        #expect(shown.last?["error"] == "NOT_CONNECTED")
        let receiver = try await Receiver.start()
        let changed = try await server.patch(
            "/organization/\(organization)/webhooks/\(id)", as: owner, #"{"url":"\#(receiver.url)"}"#)
        #expect(changed.status == 200)
        let deliveries = try await receiver.deliveries { $0.count >= 2 }
        #expect(deliveries.map(\.type) == ["organization.renamed", "organization.webhook_changed"])
        await receiver.stop()
        try await server.stop()
    }

    @Test func `410 disables a webhook at once, and it goes on where it stopped when it is enabled again`() async throws
    {
        let server = try await Server.deliveringToLoopback
        let cast = try await Cast.make(server)
        let (organization, owner) = (cast.organization, cast.owner)
        let receiver = try await Receiver.start { _, _ in .answer(410) }
        // Not of readings: the test makes some.
        let types = ["organization.renamed", "organization.webhook_disabled", "organization.webhook_enabled"]
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url, types: types).id
        try await server.rename(organization, by: owner)
        let disabled = try await server.webhook(id, of: organization, by: owner) { $0.json["active"] == false }
        #expect(disabled.json["status"]?["changedBy"] == "SYSTEM")
        let entry = try await server.get("/audit?entity=\(id)&order=desc&limit=1", as: cast.auditor).entries.first
        #expect(entry?["type"] == "organization.webhook_disabled" && entry?["actor"]?["type"] == "SYSTEM")
        let position = try #require(entry?["position"]?.integer)
        let opening = try await server.get("/audit/log/entry?position=\(position)", as: cast.auditor)
        #expect(opening.json["data"] == ["cause": "GONE"])
        try await server.rename(organization, by: owner)
        receiver.react { _, _ in .answer(200) }
        let enabled = try await server.patch(
            "/organization/\(organization)/webhooks/\(id)", as: owner, #"{"active":true}"#)
        #expect(enabled.status == 200 && enabled.json["active"] == true)
        let deliveries = try await receiver.deliveries { $0.count >= 5 }
        #expect(
            deliveries.map(\.type) == [
                "organization.renamed", "organization.renamed", "organization.webhook_disabled", "organization.renamed",
                "organization.webhook_enabled",
            ])
        await receiver.stop()
    }

    @Test func `After five days of failures a webhook is disabled by an event that says so`() async throws {
        let clock = SettableClock()
        let server = try await Server.startDelivering(clock: clock)
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start { _, _ in .answer(503) }
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url).id
        try await server.rename(organization, by: owner)
        var attempts = 0
        for hours in [0, 30, 30, 30, 29] as [Int64] {
            clock.advance(hours: hours)
            let expected = attempts + 1
            _ = try await server.deliveries(to: id, of: organization, by: owner) { $0.count >= expected }
            attempts = receiver.deliveries.count
            let shown = try await server.get("/organization/\(organization)/webhooks/\(id)", as: owner)
            #expect(shown.json["active"] == true, "after \(attempts) attempts")
        }
        clock.advance(hours: 2)
        let disabled = try await server.webhook(id, of: organization, by: owner) { $0.json["active"] == false }
        #expect(disabled.json["active"] == false)
        let entry = try await server.lastEntry(of: organization, as: owner)
        #expect(entry["type"] == "organization.webhook_disabled" && entry["actor"]?["type"] == "SYSTEM")
        let causes = try await TestDatabase(url: server.database).texts(
            "select data ->> 'cause' as cause from log.events where type = 'organization.webhook_disabled'")
        #expect(causes == ["(FAILING)"])
        // Enabled again, it has five days more.
        receiver.react { before, _ in .answer(before % 2 == 0 ? 503 : 200) }
        try await server.patch("/organization/\(organization)/webhooks/\(id)", as: owner, #"{"active":true}"#)
        let again = receiver.deliveries.count + 1
        #expect(try await receiver.deliveries { $0.count >= again }.count >= again)
        let shown = try await server.get("/organization/\(organization)/webhooks/\(id)", as: owner)
        #expect(shown.json["active"] == true)
        await receiver.stop()
        try await server.stop()
    }

    @Test func `What was erased before a delivery is not in it`() async throws {
        let clock = SettableClock()
        let server = try await Server.startDelivering(clock: clock)
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start { before, _ in .answer(before == 0 ? 500 : 200) }
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url).id
        let employee = try await server.makeEmployee(organization, by: owner, name: "Quentin Vexley")
        _ = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        let erased = try await server.post("/employee/\(employee)/erase", as: owner, #"{"reason":"LEFT"}"#)
        #expect(erased.status == 200)
        clock.advance(hours: 1)
        let deliveries = try await receiver.deliveries { $0.count >= 3 }
        let bodies = deliveries.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies[0].contains("Vexley") && deliveries[0].id == deliveries[1].id)
        for body in bodies.dropFirst() { #expect(!body.contains("Vexley")) }
        let kept = try await TestDatabase(url: server.database).number(
            "select count(*) from log.webhook_deliveries d where d::text like '%Vexley%'")
        #expect(kept == 0)
        await receiver.stop()
        try await server.stop()
    }

    @Test func `An INACTIVE organization's webhooks rest until it is ACTIVE again`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let (witness, witnessOwner) = try await server.makeOrganization()
        let receiver = try await Receiver.start(), other = try await Receiver.start()
        try await server.makeWebhook(organization, by: owner, url: receiver.url)
        try await server.delete("/organization/\(organization)", as: owner)
        // By the time that another webhook has been told of something later, the first one would have been told.
        try await server.makeWebhook(witness, by: witnessOwner, url: other.url)
        try await server.rename(witness, by: witnessOwner)
        #expect(try await other.deliveries { !$0.isEmpty }.count == 1)
        #expect(receiver.deliveries.isEmpty)
        try await server.post("/organization/\(organization)/activate", as: owner)
        let deliveries = try await receiver.deliveries { $0.count >= 2 }
        #expect(deliveries.map(\.type) == ["organization.deactivated", "organization.activated"])
        await receiver.stop()
        await other.stop()
    }

    @Test func `A test event is signed and of a type of its own, and its answer is reported`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start { _, delivery in .answer(delivery.type == "webhook.test" ? 418 : 200) }
        let (id, secret) = try await server.makeWebhook(organization, by: owner, url: receiver.url)
        let path = "/organization/\(organization)/webhooks/\(id)"
        let tested = try await server.post("\(path)/test", as: owner)
        #expect(tested.status == 200 && tested.json["status"] == 418 && tested.json["delivered"] == false)
        let delivery = try #require(receiver.deliveries.first)
        #expect(try Self.isSigned(delivery, with: secret))
        #expect(delivery.type == "webhook.test" && delivery.id == tested["event"])
        #expect(delivery.json["data"]?["webhook"]?.string == id && delivery.json["subject"]?.string == id)
        let shown = try await server.get("\(path)/deliveries", as: owner)
        #expect(shown.elements.map { text($0) } == [text(tested.json)])
        // Last, since reading the trail is an event, which is delivered.
        let trail = try await server.get("/audit?entity=\(id)", as: owner)
        #expect(trail.types == ["organization.webhook_created"])
        await receiver.stop()
    }

    @Test func `The record has the latest 100 attempts`() async throws {
        let server = try await Server.deliveringToLoopback
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start()
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url).id
        for _ in 0..<120 { try await server.rename(organization, by: owner) }
        let last = try await receiver.deliveries { $0.count >= 120 }.last
        let shown = try await server.deliveries(to: id, of: organization, by: owner) {
            $0.first?["position"]?.integer == last?.position
        }
        #expect(shown.count == 100 && receiver.deliveries.count == 120)
        await receiver.stop()
    }
}
