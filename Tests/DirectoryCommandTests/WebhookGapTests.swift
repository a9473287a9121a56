import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// A receiver of a webhook, while the nodes that deliver are killed: at least once, in order, nothing lost.
@Suite struct WebhookGapTests {
    @Test(.timeLimit(.minutes(15)))
    func `Over kills, shutdowns and a rebuild every event is delivered, in order`() async throws {
        let receiver = try await Receiver.start()
        try await Scratch.use { scratch in
            let database = try await TestDatabase.make()
            let environment = [
                "DIRECTORY_DATABASE_URL": database.url, "DIRECTORY_KEYS": scratch.path("keys"),
                "DIRECTORY_BOOTSTRAP_ADMIN": "admin@example.com", "DIRECTORY_LOG_LEVEL": "error",
                "DIRECTORY_WEBHOOK_HOSTS": "127.0.0.1",
            ]
            var nodes = [
                try await Service.start([], in: scratch, environment: environment),
                try await Service.start([], in: scratch, environment: environment),
            ]
            let printed = try await Program.run(
                "token", "--account", "admin@example.com", in: scratch, environment: environment)
            let token = try #require(printed.lines.first, "\(printed.errors)")
            let made = try await nodes[0].send("POST", "/api/v1/organization", token: token, json: #"{"name":"First"}"#)
            let path = "/api/v1/organization/\(made.json["id"]?.string ?? "")"
            let webhook = try await nodes[0].send(
                "POST", "\(path)/webhooks", token: token, json: #"{"url":"\#(receiver.url)"}"#)
            #expect(webhook.status == 201, "\(webhook.text)")
            func rename(_ name: String, by node: Service) async throws {
                let changed = try await node.send("PATCH", path, token: token, json: #"{"name":"\#(name)"}"#)
                #expect(changed.status == 200, "\(changed.text)")
            }
            for (step, signal) in [SIGKILL, SIGTERM, nil, SIGKILL, SIGKILL].enumerated() {
                for number in 0..<20 { try await rename("Name \(step)-\(number)", by: nodes[1]) }
                guard let signal else {
                    let rebuilt = try await Program.run("rebuild", in: scratch, environment: environment)
                    #expect(rebuilt.status == 0, "\(rebuilt.errors)")
                    continue
                }
                // The older node is the one that delivers: the other one has waited for it.
                let oldest = nodes.removeFirst()
                async let stopped = oldest.stop(signal)
                for number in 20..<40 { try await rename("Name \(step)-\(number)", by: nodes[0]) }
                #expect(try await stopped.status == (signal == SIGKILL ? -SIGKILL : 0))
                nodes.append(try await Service.start([], in: scratch, environment: environment))
            }
            let created = try await database.number(
                "select position from log.events where type = 'organization.webhook_created'")
            let head = try await database.number("select max(position) from log.events")
            let deliveries = try await receiver.deliveries { $0.last?.position == head }
            var firsts: [Int64] = []
            for delivery in deliveries {
                // What comes again is the event that was delivered last: its answer was lost.
                if delivery.position == firsts.last { continue }
                firsts.append(delivery.position)
            }
            #expect(firsts == Array((created + 1)...head))
            for node in nodes { try await node.stop() }
        }
        await receiver.stop()
    }
}
