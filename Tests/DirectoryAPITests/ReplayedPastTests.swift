import EventSourcing
import TestSupport
import Testing

@testable import DirectoryAPI

/// What holds of the past whatever has happened: it is what a replay of the log up to there shows. `DIRECTORY_FUZZ_SEED` names
/// another history.
@Suite struct ReplayedPastTests {
    /// A GET that shows a past moment, and who sends it.
    fileprivate struct Question {
        let path: String
        let caller: Person
        let organization: String?
    }

    private struct Difference: Error, CustomStringConvertible {
        let description: String
    }

    @Test(.timeLimit(.minutes(15)), arguments: [Fuzz.seed])
    func `Every GET as of a position equals that of a database into which the log was replayed up to it`(_ seed: UInt64)
        async throws
    {
        let server = try await Server.start()
        var history = try await RandomHistory.make(server, seed)
        try await history.run()
        for operation in RandomHistory.operations {
            #expect(history.done.contains(operation.name), "\(operation.name) has changed nothing, seed \(seed)")
        }
        let first = try #require(history.ends.first)
        var replay = try await Replay(of: server, through: Position(first))
        let replayed = try await replay.serve()
        var shown = 0
        for end in history.ends {
            if end > first { try await replay.advance(to: Position(end)) }
            shown += try await compare(history.questions(), at: end, server, replayed, seed)
        }
        // Otherwise the test would prove little.
        #expect(shown > 10 * history.ends.count, "seed \(seed): \(shown)")
        await replay.close()
        try await replayed.stop()
        try await server.stop()
    }

    /// Sends each question to both, a few at a time.
    /// - Returns: how many showed something.
    private func compare(_ questions: [Question], at end: Int, _ server: Server, _ replayed: Server, _ seed: UInt64)
        async throws -> Int
    {
        try await withThrowingTaskGroup(of: Int.self) { group in
            let lanes = 4
            for lane in 0..<lanes {
                group.addTask {
                    var shown = 0
                    for index in stride(from: lane, to: questions.count, by: lanes) {
                        let isShown = try await isShown(questions[index], at: end, server, replayed, seed)
                        shown += isShown ? 1 : 0
                    }
                    return shown
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private func isShown(_ question: Question, at end: Int, _ server: Server, _ replayed: Server, _ seed: UInt64)
        async throws -> Bool
    {
        let (path, caller, place) = (question.path, question.caller, question.organization)
        let past = try await server.get("\(path)\(path.contains("?") ? "&" : "?")asOf=\(end)", as: caller, in: place)
        let then = try await replayed.get(path, as: caller, in: place)
        func hold(_ isSame: Bool) throws {
            guard !isSame else { return }
            throw Difference(
                description: "seed \(seed): \(path) by \(caller.email) as of \(end): \(past.text), but \(then.text)")
        }
        try hold(past.status == then.status)
        guard past.status == 200 else {
            try hold(past["detail"] == then["detail"])
            return false
        }
        try hold(past.body == then.body && past.tag == then.tag)
        try hold(past.position == then.position && then.position == end)
        return past.text != "[]"
    }
}

extension RandomHistory {
    /// Filters of lists, by operation.
    private static let filters = [
        "listEmployees": ["status=INACTIVE", "type=TEMP", "manager=none", "manager=inactive"],
        "listReports": ["depth=all", "depth=2", "type=DOTTED"], "getChain": ["type=DOTTED"],
        "listMembers": ["transitive=true", "membership=LEAD", "entity=EMPLOYEE"],
        "listGroupsOfEntity": ["transitive=true"], "listGroups": ["status=INACTIVE", "type=GUILD"],
    ]

    /// Every operation that shows a past moment, about what is there at the end of the history, by any of those whose rights
    /// do not change; mostly by the SYSTEM_ADMIN.
    fileprivate mutating func questions() -> [ReplayedPastTests.Question] {
        Operations.all.filter(\.showsPast).map { operation in
            let caller = random.chance(60) ? server.admin : random.pick(readers)
            var query: [String] = []
            if let filters = Self.filters[operation.name], random.chance(60) { query.append(random.pick(filters)) }
            if operation.query.contains(where: { $0.name == "limit" }), random.chance(20) { query.append("limit=2") }
            let mark = query.isEmpty ? "" : "?"
            return ReplayedPastTests.Question(
                path: path(of: operation) + mark + query.joined(separator: "&"), caller: caller,
                organization: place(of: operation))
        }
    }
}
