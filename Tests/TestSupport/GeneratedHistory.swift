/// Makes histories of the shape that real ones have, with what is true after them by the simplest of models: a set of people and a
/// dictionary of their managers.
extension ReportingHistory {
    package static func generated(lines count: Int, seed: UInt64) -> ReportingHistory {
        var model = HistoryModel(seed)
        var text = ""
        var marks: [Mark] = []
        for line in 1...count {
            text += model.line(line) + "\n"
            if line.isMultiple(of: count / 13) || line == count { marks.append(model.mark(line)) }
        }
        return ReportingHistory(lines: Array(text.utf8), lineCount: count, marks: marks)
    }
}

private struct HistoryModel {
    private var random: SeededGenerator
    private var active: [String] = []
    private var gone: [String] = []
    private var managers: [String: String] = [:]
    private var hired = 0

    init(_ seed: UInt64) { random = SeededGenerator(seed) }

    func mark(_ line: Int) -> ReportingHistory.Mark {
        ReportingHistory.Mark(line: line, employees: Set(active), reports: Set(managers.map { [$0.key, $0.value] }))
    }

    mutating func line(_ number: Int) -> String {
        let minute = String(number % 60 + 100).dropFirst(), hour = String(number / 60 % 24 + 100).dropFirst()
        let day = String(number / 1440 + 101).dropFirst()
        let start = #"{"at":"2022-03-\#(day)T\#(hour):\#(minute):00Z","#
        return start + (active.count < 20 ? hire() : change()) + "}"
    }

    private mutating func hire() -> String {
        if !gone.isEmpty, random.chance(20) {
            let back = gone.remove(at: Int.random(in: 0..<gone.count, using: &random))
            active.append(back)
            return #""op":"hire","person":"\#(back)","name":"Back \#(back)","email":"\#(back)@Example.com""#
        }
        hired += 1
        active.append("p\(hired)")
        return
            #""op":"hire","person":"p\#(hired)","name":"É \#(hired)","email":"p\#(hired)@example.com","location":"Zürich""#
    }

    private mutating func change() -> String {
        let person = random.pick(active)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15: return hire()
        case 15..<25:
            // Those who report to a person who leaves lose that line first: the model has no lines to inactive managers.
            if let report = managers.filter({ $0.value == person }).keys.min() { return unset(report) }
            active.removeAll { $0 == person }
            gone.append(person)
            managers[person] = nil
            return #""op":"leave","person":"\#(person)""#
        case 25..<32: return #""op":"role","person":"\#(person)","role":"R\#(hired)""#
        case 32..<36: return #""op":"location","person":"\#(person)""#
        case 36..<45 where managers[person] != nil: return unset(person)
        default:
            let manager = random.pick(active)
            guard manager != person, !chain(above: manager).contains(person) else { return hire() }
            managers[person] = manager
            return #""op":"set_manager","person":"\#(person)","manager":"\#(manager)""#
        }
    }

    private mutating func unset(_ person: String) -> String {
        let manager = managers.removeValue(forKey: person) ?? ""
        return #""op":"unset_manager","person":"\#(person)","manager":"\#(manager)""#
    }

    private func chain(above person: String) -> [String] {
        var chain: [String] = []
        var next = managers[person]
        while let manager = next {
            chain.append(manager)
            next = managers[manager]
        }
        return chain
    }
}
