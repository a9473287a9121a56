import CanonicalJSON
import DirectoryEvents
import EventSourcing

/// Two years of Acme, as a history to import: who was hired, moved, was promoted and left. It is the same whenever it is made,
/// except that it ends a few days before that.
struct DemonstrationHistory {
    /// How many days ago it begins.
    static let days = 730

    private var lines: [(day: Int, text: [UInt8])] = []
    private let begin: Instant

    private init(endingBefore now: Instant) {
        let day: Int64 = 86_400_000_000
        let today = now.microseconds - now.microseconds % day
        // Nine o'clock, in UTC.
        begin = Instant(microseconds: today - Int64(Self.days) * day + 9 * day / 24)
    }

    /// The file, a JSON object a line.
    static func file(endingBefore now: Instant) -> [UInt8] {
        var history = DemonstrationHistory(endingBefore: now)
        history.found()
        for (index, team) in DemonstrationPeople.teams.enumerated() { history.fill(team, index) }
        history.regroup()
        for (index, person) in DemonstrationPeople.formerPeople.enumerated() { history.pass(person, index) }
        // Lines of one day stay in the order in which they were added.
        let sorted = history.lines.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }
        return Array(sorted.map(\.element.text).joined(separator: [0x0A])) + [0x0A]
    }

    // MARK: What happens

    /// The first two months: heads, departments, and the leads of teams; some become leads later, by promotion.
    private mutating func found() {
        let chief = DemonstrationPeople.chief
        hire(chief, 0, "Chief Executive Officer")
        var index = 0
        for (number, department) in DemonstrationPeople.departments.enumerated() {
            let head = department.head
            group(department.name, number, type: "DEPARTMENT")
            hire(head, number, department.title, under: chief)
            join(head, department.name, number, type: "HEAD")
            for team in department.teams {
                let day = 20 + index * 3
                let lead = team.people[0]
                group(team.name, day, type: "TEAM")
                add(day, "join", ["subgroup": team.name, "group": department.name])
                hire(lead, day, index.isMultiple(of: 3) ? team.title : team.lead, under: head)
                join(lead, team.name, day, type: "LEAD")
                if index.isMultiple(of: 3) {
                    add(day + 200 + index * 7, "role", ["person": lead.email, "role": team.lead])
                }
                index += 1
            }
        }
    }

    /// The people of a team, hired over almost two years. Some come from the team before it in the list.
    private mutating func fill(_ team: DemonstrationPeople.Team, _ index: Int) {
        let teams = DemonstrationPeople.teams
        let former = teams[(index + teams.count - 1) % teams.count]
        for (place, person) in team.people.enumerated().dropFirst() {
            let day = hiringDay(index, place)
            let moves = place == 2 && day < 480
            let first = moves ? former : team
            hire(person, day, first.title, under: first.people[0])
            join(person, first.name, day)
            guard moves else {
                if place == 4, day < 400 {
                    add(day + 240, "role", ["person": person.email, "role": "Senior \(team.title)"])
                }
                continue
            }
            add(day + 210, "set_manager", ["person": person.email, "manager": team.people[0].email])
            add(day + 210, "role", ["person": person.email, "role": team.title])
            add(day + 210, "leave_group", ["person": person.email, "group": former.name])
            join(person, team.name, day + 210)
        }
    }

    /// Groups across teams: one that is in another, one that got its name later, and one that ended.
    private mutating func regroup() {
        let teams = DemonstrationPeople.teams
        group("On call", 120, type: "ROTA")
        add(120, "join", ["subgroup": "On call", "group": "Platform"])
        for person in [teams[0].people[0], teams[1].people[0], teams[3].people[0]] { join(person, "On call", 121) }
        group("Safety", 150, type: "GUILD")
        group("First aiders", 151, type: "GUILD")
        add(151, "join", ["subgroup": "First aiders", "group": "Safety"])
        for team in teams where team.people.count > 6 { join(team.people[0], "First aiders", 160) }
        add(300, "group", ["group": "Safety", "name": "Health and safety"])
        group("Anvil 2", 200, type: "PROJECT")
        for team in teams.prefix(6) { join(team.people[0], "Anvil 2", 210) }
        add(560, "ungroup", ["group": "Anvil 2"])
    }

    /// Somebody who was in a team and left. Of the first team there is also one who moved to another city, left, and came back.
    private mutating func pass(_ person: DemonstrationPeople.Person, _ index: Int) {
        let team = DemonstrationPeople.teams[index]
        let day = 80 + index * 13
        hire(person, day, team.title, under: team.people[0])
        join(person, team.name, day)
        add(day + 160 + index * 29, "leave", ["person": person.email])
        guard index == 0 else { return }
        let away = team.people[1]
        let hired = hiringDay(0, 1)
        add(hired + 120, "location", ["person": away.email, "location": "Tokyo"])
        add(hired + 150, "leave", ["person": away.email])
        hire(away, hired + 330, team.title, under: team.people[0])
        join(away, team.name, hired + 330)
    }

    /// When the person at a place of a team is hired: after all leads, spread over the time that is left.
    private func hiringDay(_ team: Int, _ place: Int) -> Int { 70 + (team * 47 + place * 89) % 620 }

    // MARK: Lines

    private mutating func hire(
        _ person: DemonstrationPeople.Person, _ day: Int, _ title: String,
        under manager: DemonstrationPeople.Person? = nil
    ) {
        add(
            day, "hire",
            [
                "person": person.email, "name": person.name, "email": person.email, "role": title,
                "location": person.city,
            ])
        if let manager { add(day, "set_manager", ["person": person.email, "manager": manager.email]) }
    }

    private mutating func group(_ name: String, _ day: Int, type: String) {
        add(day, "group", ["group": name, "name": name, "type": type])
    }

    private mutating func join(
        _ person: DemonstrationPeople.Person, _ group: String, _ day: Int, type: String = DefaultType.membership
    ) {
        add(day, "join", ["person": person.email, "group": group, "type": type])
    }

    private mutating func add(_ day: Int, _ operation: String, _ fields: KeyValuePairs<String, String>) {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("at", begin.advanced(byMicroseconds: Int64(day) * 86_400_000_000).description)
        writer.member("op", operation)
        for (name, value) in fields {
            writer.name(name)
            writer.string(value)
        }
        writer.endObject()
        lines.append((day, writer.bytes))
    }
}
