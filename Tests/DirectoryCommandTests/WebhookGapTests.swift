import Foundation
import TestSupport
import Testing

/// A receiver of a webhook, while the nodes that deliver are killed: at least once, in order, nothing lost.
@Suite struct WebhookGapTests {
    @Test(.timeLimit(.minutes(15)))
    func `Over kills, shutdowns and a rebuild every event is delivered, in order`() async throws {
        let receiver = try await Receiver.start()
        try await Deployment.use(["DIRECTORY_WEBHOOK_HOSTS": "127.0.0.1"]) { deployment, started in
            var nodes = started
            let path = try await deployment.makeOrganization(by: nodes[0])
            let webhook = try await nodes[0].send(
                "POST", "\(path)/webhooks", token: deployment.token, json: #"{"url":"\#(receiver.url)"}"#)
            #expect(webhook.status == 201, "\(webhook.text)")
            for (step, signal) in [SIGKILL, SIGTERM, nil, SIGKILL, SIGKILL].enumerated() {
                for number in 0..<20 {
                    try await deployment.rename(path, to: "Name \(step)-\(number)", by: nodes[1])
                }
                guard let signal else {
                    try await deployment.rebuild()
                    continue
                }
                // The older node is the one that delivers: the other one has waited for it.
                let oldest = nodes.removeFirst()
                try await deployment.end(oldest, by: signal) {
                    for number in 20..<40 {
                        try await deployment.rename(path, to: "Name \(step)-\(number)", by: nodes[0])
                    }
                }
                nodes.append(try await deployment.start())
            }
            let created = try await deployment.database.number(
                "select position from log.events where type = 'organization.webhook_created'")
            let head = try await deployment.database.number("select max(position) from log.events")
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
