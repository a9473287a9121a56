import CanonicalJSON
import DirectoryEvents
import EventSourcing

/// Reads lines one after the other; knows by then who was hired, under which address, and when the line before took effect.
struct HistoryReader {
    /// The person's word in the file → the address of its last hire.
    private var addresses: [JSON: String] = [:]
    /// The key of an address → the word of the person who was hired under it and has not left.
    private var holders: [String: JSON] = [:]
    private var last: Instant?
    private let now: Instant

    /// - Parameter now: no line may be later.
    init(now: Instant) { self.now = now }

    /// The fields of each operation besides `at`, `op` and `person`.
    private static let fields: [String: Set<String>] = [
        "hire": ["name", "email", "role", "location"], "leave": [], "set_manager": ["manager"],
        "unset_manager": ["manager"], "role": ["role"], "location": ["location"],
    ]

    mutating func read(_ text: ArraySlice<UInt8>, number: Int) throws(HistoryError) -> HistoryLine {
        let line: Fields
        do throws(JSONError) {
            line = Fields(try JSON(parsing: text), number)
        } catch {
            throw HistoryError(line: number, error.description)
        }
        guard line.json.members != nil else { throw HistoryError(line: number, "it is not a JSON object") }
        let operation = try line.text("op")
        guard let allowed = Self.fields[operation] else { throw line.error("op", "there is no such operation") }
        let known = allowed.union(["at", "op", "person"])
        for member in line.json.members ?? [] where !known.contains(member.name) {
            throw line.error(member.name, "\(operation) has no such field")
        }
        let at = try time(line)
        let change = try change(operation, line)
        return HistoryLine(number: number, at: at, email: try address("person", line), change: change)
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

    private mutating func change(_ operation: String, _ line: Fields) throws(HistoryError) -> HistoryLine.Change {
        switch operation {
        case "hire":
            let email = try line.text("email")
            guard EmailAddress.isValid(email) else { throw line.error("email", "it is not an e-mail address") }
            try hire(.string(try line.text("person")), email, line)
            return .hire(
                name: try line.text("name", .name), role: try line.textIfPresent("role", .line),
                location: try line.textIfPresent("location", .line))
        case "set_manager": return .setManager(try address("manager", line))
        case "unset_manager": return .unsetManager(try address("manager", line))
        case "role": return .role(try line.textIfPresent("role", .line))
        case "location": return .location(try line.textIfPresent("location", .line))
        default:
            holders[SearchText.emailKey(try address("person", line))] = nil
            return .leave
        }
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
