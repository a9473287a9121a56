import CanonicalJSON
import DirectoryEvents
import EventSourcing

/// Reads lines one after the other; knows by then who was hired, under which address, what groups are called, and when the line
/// before took effect.
struct HistoryReader {
    /// The person's word in the file → the address of its last hire.
    private var addresses: [JSON: String] = [:]
    /// The key of an address → the word of the person who was hired under it and has not left.
    private var holders: [String: JSON] = [:]
    /// The group's word in the file → its name by now.
    private var groups: [JSON: String] = [:]
    /// The key of a name → the word of the group that has it and has not ended.
    private var namedGroups: [String: JSON] = [:]
    private var last: Instant?
    private let now: Instant

    /// - Parameter now: no line may be later.
    init(now: Instant) { self.now = now }

    /// The fields of each operation besides `at` and `op`.
    private static let fields: [String: Set<String>] = [
        "hire": ["person", "name", "email", "role", "location"], "leave": ["person"],
        "set_manager": ["person", "manager"], "unset_manager": ["person", "manager"], "role": ["person", "role"],
        "location": ["person", "location"], "group": ["group", "name", "type"], "ungroup": ["group"],
        "join": ["person", "subgroup", "group", "type"], "leave_group": ["person", "subgroup", "group"],
    ]

    mutating func read(_ text: ArraySlice<UInt8>, number: Int) throws(HistoryError) -> ImportLine {
        let line: Fields
        do throws(JSONError) {
            line = Fields(try JSON(parsing: text), number)
        } catch {
            throw HistoryError(line: number, error.description)
        }
        guard line.json.members != nil else { throw HistoryError(line: number, "it is not a JSON object") }
        let operation = try line.text("op")
        guard let allowed = Self.fields[operation] else { throw line.error("op", "there is no such operation") }
        let known = allowed.union(["at", "op"])
        for member in line.json.members ?? [] where !known.contains(member.name) {
            throw line.error(member.name, "\(operation) has no such field")
        }
        let at = try time(line)
        return ImportLine(number: number, at: at, change: try change(operation, line))
    }

    private mutating func time(_ line: Fields) throws(HistoryError) -> Instant {
        guard let at = Instant(rfc3339: try line.text("at")) else {
            throw line.error("at", "it is not an RFC 3339 time")
        }
        if let last, at < last { throw line.error("at", "it lies before the line above") }
        guard at <= now else { throw line.error("at", "it is in the future") }
        last = at
        return at
    }

    private mutating func change(_ operation: String, _ line: Fields) throws(HistoryError) -> ImportLine.Change {
        switch operation {
        case "hire": return try hire(line)
        case "set_manager":
            return .setManager(email: try address("person", line), manager: try address("manager", line))
        case "unset_manager":
            return .unsetManager(email: try address("person", line), manager: try address("manager", line))
        case "role":
            return .role(email: try address("person", line), try line.textIfPresent("role", .line))
        case "location":
            return .location(email: try address("person", line), try line.textIfPresent("location", .line))
        case "group": return try group(line)
        case "ungroup":
            let name = try groupName("group", line)
            namedGroups[SearchText.caseless(name)] = nil
            return .ungroup(name: name)
        case "join":
            return .join(try member(line), group: try groupName("group", line), type: try line.wordIfPresent("type"))
        case "leave_group": return .leaveGroup(try member(line), group: try groupName("group", line))
        default:
            let email = try address("person", line)
            holders[SearchText.emailKey(email)] = nil
            return .leave(email: email)
        }
    }

    private mutating func hire(_ line: Fields) throws(HistoryError) -> ImportLine.Change {
        let email = try line.text("email")
        guard EmailAddress.isValid(email) else { throw line.error("email", "it is not an e-mail address") }
        try hire(.string(try line.text("person")), email, line)
        var fields = ImportLine.PersonFields(
            name: try line.text("name", .name), role: try line.textIfPresent("role", .line))
        fields.profile["location"] = try line.textIfPresent("location", .line)
        return .hire(email: email, fields)
    }

    /// Two people under one address would become one employee.
    private mutating func hire(_ person: JSON, _ email: String, _ line: Fields) throws(HistoryError) {
        let key = SearchText.emailKey(email)
        guard holders[key] == nil || holders[key] == person else {
            throw line.error("email", "another person was hired under it in a line above and has not left")
        }
        holders[key] = person
        addresses[person] = email
    }

    /// Two groups of one name could not be told apart when the import goes on.
    private mutating func group(_ line: Fields) throws(HistoryError) -> ImportLine.Change {
        let word = JSON.string(try line.text("group"))
        let name = try line.text("name", .name)
        let type = try line.wordIfPresent("type")
        let key = SearchText.caseless(name)
        guard namedGroups[key] == nil || namedGroups[key] == word else {
            throw line.error(
                "name", "another group of a line above has it and has not ended: give them names that differ")
        }
        let formerName = groups[word]
        if let formerName { namedGroups[SearchText.caseless(formerName)] = nil }
        namedGroups[key] = word
        groups[word] = name
        return .group(name: name, formerName: formerName, type: type)
    }

    private func member(_ line: Fields) throws(HistoryError) -> ImportLine.Member {
        switch (line.json["person"], line.json["subgroup"]) {
        case (.some, nil): return .person(email: try address("person", line))
        case (nil, .some): return .group(name: try groupName("subgroup", line))
        default: throw line.error("person", "either this or subgroup must be there")
        }
    }

    private func groupName(_ field: String, _ line: Fields) throws(HistoryError) -> String {
        guard let name = groups[.string(try line.text(field))] else {
            throw line.error(field, "no group was given this word in a line above")
        }
        return name
    }

    private func address(_ field: String, _ line: Fields) throws(HistoryError) -> String {
        guard let email = addresses[.string(try line.text(field))] else {
            throw line.error(field, "nobody was hired under this word in a line above")
        }
        return email
    }
}

/// The fields of one line.
private struct Fields {
    let json: JSON
    let number: Int

    init(_ json: JSON, _ number: Int) {
        self.json = json
        self.number = number
    }

    func error(_ field: String, _ reason: String) -> HistoryError { HistoryError(line: number, field: field, reason) }

    /// A text that must be there.
    /// - Parameter rule: what it may be; `nil` where it is only compared.
    func text(_ field: String, _ rule: TextRule? = nil) throws(HistoryError) -> String {
        guard let text = try textIfPresent(field, rule) else {
            throw error(field, json[field]?.string == nil ? "it is missing" : "it is empty")
        }
        return text
    }

    /// A type, in upper case.
    func wordIfPresent(_ field: String) throws(HistoryError) -> String? {
        guard let text = try textIfPresent(field) else { return nil }
        guard let word = Word.accept(text) else { throw error(field, "it \(Word.requirement)") }
        return word
    }

    /// A text that may be missing, `null` or empty.
    func textIfPresent(_ field: String, _ rule: TextRule? = nil) throws(HistoryError) -> String? {
        switch json[field] {
        case nil, .null: return nil
        case .string(let text):
            if text.isEmpty { return nil }
            if let fault = rule?.fault(in: text) { throw error(field, "it \(fault)") }
            return text
        default: throw error(field, "it is not a string")
        }
    }
}
