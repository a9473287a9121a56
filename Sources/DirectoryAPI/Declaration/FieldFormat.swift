import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// The format of a string in a body or query. The same value validates it and describes it in OpenAPI.
enum FieldFormat: Sendable, Equatable {
    /// Any text that a rule allows.
    case text(TextRule)
    /// An e-mail address (RFC 6531) of at most 254 bytes.
    case email
    case uuid
    /// The id of an entity. A text that is not a UUID is accepted: it identifies no entity, and the rules say so.
    case id
    /// A day (RFC 3339 full-date).
    case date
    /// A day from 1900-01-01 to today, in UTC.
    case birthDate
    /// A name of the tz database, in the same case.
    case timeZone
    /// A code of ISO 3166-1 alpha-2, in upper case.
    case country
    /// A time (RFC 3339).
    case time
    /// A time (RFC 3339), or a position of the log.
    case moment
    /// A word of `[A-Z0-9_-]{1,64}`; lower case is accepted and stored as upper case.
    case word
    /// An organization's alias, `[a-z0-9-]{2,63}`.
    case alias
    /// A whole number in a range.
    case integer(ClosedRange<Int64>)
    /// One of these words.
    case choice([String])
    /// A number from 1, or `all`.
    case depth
    /// The type of an event (`employee.role_changed`), or every type for one kind of entity (`employee.*`).
    case eventType
    /// An array of types of events, and of `employee.*` and the like for every type for one kind of entity, of a body alone.
    case eventTypes
    /// The URL of a webhook.
    case webhookURL
    /// Who caused an event: an account's id, or `SYSTEM`.
    case actor
    /// Which members of a group: the one with an id, or those of a kind.
    case member
    /// The id of a request, as in `X-Request-Id`.
    case requestID
    /// `true` or `false`, of a body alone.
    case flag
    /// A free-form object, of a body alone.
    case object
    /// An object of secrets by their names, of a body alone.
    case secrets

    /// The text as it is stored; `nil` if it does not have the format.
    func accept(_ text: String) -> String? {
        switch self {
        case .text(let rule): return rule.allows(text) ? text : nil
        case .email: return EmailAddress.isValid(text) ? text : nil
        case .uuid: return UUID(text: text)?.text
        case .id: return text
        case .date: return FieldFormat.accept(text, .date)
        case .birthDate: return FieldFormat.accept(text, .birthDate)
        case .timeZone: return FieldFormat.accept(text, .timeZone)
        case .country: return FieldFormat.accept(text, .country)
        case .time: return Instant(rfc3339: text) == nil ? nil : text
        case .moment:
            if Instant(rfc3339: text) != nil { return text }
            return FieldFormat.integer(0...Int64.max).accept(text)
        case .word: return Word.accept(text)
        case .alias: return FieldFormat.isAlias(text) ? text : nil
        case .integer(let range):
            guard let number = Int64(text), range.contains(number) else { return nil }
            return String(number)
        case .choice(let words):
            // In any case, like all enumerated values. Letters beyond ASCII may have an ASCII one as their other case.
            guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            return words.first { $0.lowercased() == text.lowercased() }
        case .depth:
            if text == "all" { return text }
            guard let number = Int64(text), number >= 1 else { return nil }
            return String(number)
        case .eventType: return FieldFormat.isEventType(text) ? text : nil
        case .actor: return FieldFormat.choice(["SYSTEM"]).accept(text) ?? UUID(text: text)?.text
        case .member: return FieldFormat.choice(FieldFormat.memberKinds).accept(text) ?? UUID(text: text)?.text
        case .requestID: return RequestID.isValid(text) ? text : nil
        case .webhookURL: return WebhookURL(text) == nil ? nil : text
        case .flag, .object, .secrets, .eventTypes: return nil
        }
    }

    /// The words for the kinds of entity that are members of groups.
    static let memberKinds = EntityKind.allCases.filter(\.joinsGroups).map(\.rawValue)

    /// All types of events, and the words for all types for one kind of entity.
    static let eventTypeWords =
        EntityKind.allCases.map { "\($0.word).*" } + EventCatalog.declarations.map(\.type).sorted()

    private static func accept(_ text: String, _ format: ProfileField.Format) -> String? {
        format.fault(in: text, today: CivilDate(.now)) == nil ? text : nil
    }

    private static func isEventType(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...32).contains(parts[0].utf8.count), (1...64).contains(parts[1].utf8.count) else {
            return false
        }
        let isLetter = { (byte: UInt8) in (97...122).contains(byte) }
        return parts[0].utf8.allSatisfy(isLetter)
            && (parts[1] == "*" || parts[1].utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "_") })
    }

    private static func isAlias(_ text: String) -> Bool {
        (2...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

extension FieldFormat {
    /// The format of a profile's field.
    init(_ format: ProfileField.Format) {
        switch format {
        case .text(let rule): self = .text(rule)
        case .date: self = .date
        case .birthDate: self = .birthDate
        case .timeZone: self = .timeZone
        case .country: self = .country
        }
    }
}
