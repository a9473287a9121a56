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
        /// A way to name the moment: its position, its time, or a time just before that of the next.
        let moment: String
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
        for operation in history.operations {
            #expect(history.done.contains(operation.name), "\(operation.name) has changed nothing, seed \(seed)")
        }
        let first = try #require(history.ends.first)
        var replay = try await Replay(of: server, through: Position(first))
        let replayed = try await replay.serve()
        var shown = 0
        let moments = try await moments(history.ends, TestDatabase(url: server.database))
        for (index, end) in history.ends.enumerated() {
            if end > first { try await replay.advance(to: Position(end)) }
            let questions = history.questions(after: index, moments[index])
            shown += try await compare(questions, at: end, server, replayed, seed)
        }
        // Otherwise the test would prove little.
        #expect(shown > 50 * history.ends.count, "seed \(seed): \(shown)")
        await replay.close()
        try await replayed.stop()
        try await server.stop()
    }

    /// The ways to name each of the moments at which a command ended.
    private func moments(_ ends: [Int], _ database: TestDatabase) async throws -> [[String]] {
        var times: [Instant] = []
        for end in ends {
            let time = try await database.number(
                "select (extract(epoch from recorded_at) * 1000000)::bigint from log.events where position = \(end)")
            times.append(Instant(microseconds: time))
        }
        return ends.indices.map { index in
            let before = times.dropFirst(index + 1).first?.advanced(byMicroseconds: -1)
            return ["\(ends[index])", times[index].description] + (before.map { [$0.description] } ?? [])
        }
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
        let mark = path.contains("?") ? "&" : "?"
        let past = try await server.get("\(path)\(mark)asOf=\(question.moment)", as: caller, in: place)
        let then = try await replayed.get(path, as: caller, in: place)
        func hold(_ isSame: Bool) throws {
            guard !isSame else { return }
            throw Difference(
                description: "seed \(seed): \(path) by \(caller.email) as of \(end) (\(question.moment)): "
                    + "\(past.text), but \(then.text)")
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

    /// Every GET that shows a past moment, of all that was there then or a command later: by the SYSTEM_ADMIN, who sees all of it,
    /// and by one of the others whose rights do not change, with a filter where there are some.
    /// - Parameters:
    ///   - commands: how many were carried out by then.
    ///   - moments: ways to name the moment.
    fileprivate mutating func questions(after commands: Int, _ moments: [String]) -> [ReplayedPastTests.Question] {
        Operations.all.filter(\.showsPast).flatMap { operation in
            paths(of: operation, after: commands).flatMap { path in
                [server.admin, random.pick(readers)].enumerated().map { number, caller in
                    var query: [String] = []
                    if number > 0, let filters = Self.filters[operation.name] { query.append(random.pick(filters)) }
                    if operation.query.contains(where: { $0.name == "limit" }), random.chance(20) {
                        query.append("limit=2")
                    }
                    let mark = query.isEmpty ? "" : "?"
                    return ReplayedPastTests.Question(
                        path: path + mark + query.joined(separator: "&"), moment: random.pick(moments), caller: caller,
                        organization: place(of: operation))
                }
            }
        }
    }
}
