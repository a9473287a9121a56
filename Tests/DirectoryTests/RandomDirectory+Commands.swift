import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import TestSupport

/// Random commands that are no mutations: imports, demonstrations, and records of readings.
extension RandomDirectory {
    private static let people = ["E0", "E1", "E2"]
    private static let teams = ["Imported", "Moved in", "G1"]

    /// Carries out one of them.
    /// - Returns: whether something happened.
    mutating func carryOutCommand() throws -> Bool {
        let count = world.events.count
        do {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<40: try world.submit(reading())
            case 40..<50: try demonstrate()
            default: try importHistory()
            }
        } catch is Refusal {}
        return world.events.count > count
    }

    private mutating func reading() -> RecordReading {
        let caller = caller()
        let reading = TrailReading(
            random.chance(50) ? .pages : .export(format: random.pick(["csv", "ndjson"])),
            of: caller.claimedOrganization ?? (random.chance(40) ? nil : random.pick(organizations)),
            filter: random.chance(50) ? nil : ["type": "employee.*"])
        return RecordReading(reading, MutationContext(caller: caller, origin: .null))
    }

    /// Makes the organization to look around in, as a first start does, but amid whatever is there, and owned by anybody. Once, since
    /// a hundred people slow down each step after it.
    private mutating func demonstrate() throws {
        guard demonstrations == 0 else { return }
        let now = World.time(Position(world.events.count))
        let made = try world.submit(CreateDemonstration(ownerEmail: address(), now: now))
        if made != nil { demonstrations += 1 }
    }

    /// Imports a file as the program does: where a line is refused, those before it have happened.
    private mutating func importHistory() throws {
        let now = World.time(Position(world.events.count))
        let text = lines(at: now).map { JSON.object($0).canonicalText() }.joined(separator: "\n")
        let file = try HistoryFile(parsing: Array(text.utf8), now: now)
        let id = world.newID()
        let target: StartImport.Target =
            random.chance(5) && organizations.count < 6
            ? .new(world.newID(), name: "Imported", ownerEmail: address(), ownerID: world.newID())
            : .organization(random.pick(organizations))
        let organization = try world.submit(StartImport(id, of: file.record, into: target))
        func run(through last: Int) -> ImportLines {
            ImportLines(file.lines.filter { $0.number <= last }, of: id, into: organization, now: now)
        }
        do {
            try world.submit(run(through: file.lineCount))
            try world.submit(EndImport.completed(id, of: file.record, in: organization))
        } catch let refused as RefusedLine {
            try world.submit(run(through: refused.line - 1))
            try world.submit(EndImport.stopped(id, of: file, after: refused.line - 1, in: organization))
        }
    }

    /// Some people and groups, and what happens to them.
    private mutating func lines(at time: Instant) -> [[JSON.Member]] {
        var lines: [[JSON.Member]] = []
        func add(_ operation: String, _ fields: KeyValuePairs<String, String>) {
            let all = [("at", time.description), ("op", operation)] + fields.map { ($0, $1) }
            lines.append(all.map { JSON.Member(name: $0, value: .string($1)) })
        }
        var people: [String] = []
        for _ in 0..<3 {
            let address = address()
            // In the file somebody is whoever has the address.
            people.append(SearchText.emailKey(address))
            add("hire", ["person": people[people.count - 1], "name": random.pick(Self.people), "email": address])
        }
        for team in Self.teams.prefix(2) { add("group", ["group": team, "name": team]) }
        for _ in 0..<4 {
            let (person, other) = (random.pick(people), random.pick(people))
            let team = random.pick(Array(Self.teams.prefix(2)))
            switch Int.random(in: 0..<11, using: &random) {
            case 0: add("leave", ["person": person])
            case 1, 2: add("set_manager", ["person": person, "manager": other])
            case 3: add("unset_manager", ["person": person, "manager": other])
            case 4: add("role", ["person": person, "role": random.pick(Self.people)])
            case 5: add("location", ["person": person, "location": "Rome"])
            case 6, 7: add("join", ["person": person, "group": team, "type": random.pick(["MEMBER", "LEAD"])])
            case 8: add("join", ["subgroup": random.pick(Array(Self.teams.prefix(2))), "group": team])
            case 9: add("leave_group", ["person": person, "group": team])
            default: add("ungroup", ["group": team])
            }
        }
        return lines
    }
}
