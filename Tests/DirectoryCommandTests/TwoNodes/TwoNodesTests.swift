import EmbeddedPostgres
import Foundation
import Synchronization
import TestSupport
import Testing

/// Two nodes on one database, as they would run: one is killed in the middle, and Postgres crashes once.
@Suite struct TwoNodesTests {
    private static let clients = 64
    private static let changesOfClient = 24

    @Test(.timeLimit(.minutes(20)))
    func `Under kills and crashes every acknowledged change is made once, and no rule is broken`() async throws {
        let cluster = try await TestCluster.start(settings: ["max_connections": "200"])
        try await Deployment.use(on: cluster) { deployment, started in
            let (first, second) = (started[0], started[1])
            let nodes = Nodes(ports: started.map(\.port), token: deployment.token)
            let ground = try await Ground.make(nodes)

            let ledger = try await work(on: ground, nodes) { answered in
                if answered == Self.clients * Self.changesOfClient / 3 { first.running.send(SIGKILL) }
                if answered == Self.clients * Self.changesOfClient * 2 / 3 {
                    try await cluster.kill()
                    try await cluster.restart()
                }
            }
            #expect(try await first.running.outcome().status == -SIGKILL)
            #expect(second.running.isRunning, "\(second.running.errors)")
            for kind in Change.Kind.allCases { #expect(ledger.made[kind] ?? 0 > 0, "no \(kind) succeeded") }

            let contradictions = try await deployment.database.contradictions(to: ledger)
            #expect(contradictions == [])
            let brokenRules = try await deployment.database.brokenRules()
            #expect(brokenRules == [])
            let served = try await ground.everything(nodes)
            try await deployment.rebuild()
            #expect(try await ground.everything(nodes) == served)
            let third = try await deployment.start()
            #expect(try await ground.everything(Nodes(ports: [third.port], token: nodes.token)) == served)
            #expect(try await third.stop().status == 0)
            #expect(try await second.stop().status == 0)
        }
        await cluster.stop()
    }

    /// Lets all clients make their changes.
    /// - Parameter interfere: is told how many have been answered, after each answer.
    private func work(
        on ground: Ground, _ nodes: Nodes, _ interfere: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Ledger {
        let answered = Answered()
        return try await withThrowingTaskGroup(of: Ledger.self) { group in
            for number in 0..<Self.clients {
                group.addTask {
                    var client = ClientOfMany(number, on: ground)
                    var ledger = Ledger()
                    for index in 0..<Self.changesOfClient {
                        let change = client.next()
                        let answer = try await nodes.carryOut(change, as: "\(number)-\(index)", startingAt: number)
                        client.note(answer, to: change)
                        ledger.note(answer, to: change, as: "\(number)-\(index)")
                        try await interfere(answered.another())
                    }
                    return ledger
                }
            }
            return try await group.reduce(into: Ledger()) { $0.merge($1) }
        }
    }
}

/// Counts answers.
private final class Answered: Sendable {
    private let count = Atomic(0)

    /// Counts another one, and returns how many there are by now.
    func another() -> Int { count.add(1, ordering: .relaxed).newValue }
}
