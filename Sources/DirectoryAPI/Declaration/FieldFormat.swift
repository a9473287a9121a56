import CanonicalJSON
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

    /// The requirement, as it appears in the details of a problem.
    var requirement: String {
        switch self {
        case .text(let rule):
            "must be a string of at most \(rule.bytes) bytes, \(rule.isName ? "with a visible character, " : "")"
                + "without control characters\(rule.hasLines ? " but tab and line feed" : "") and invisible ones"
        case .email: "must be an e-mail address of at most \(EmailAddress.limit) bytes"
        case .uuid, .id: "must be a UUID"
        case .date: "must be a date such as 2026-11-24"
        case .birthDate: "must be a date from 1900-01-01 to today"
        case .timeZone: "must be a name of the tz database such as Europe/Berlin"
        case .country: "must be a code of ISO 3166-1 alpha-2 such as DE"
        case .time: "must be an RFC 3339 time such as 2026-11-24T07:00:00Z"
        case .moment: "must be an RFC 3339 time such as 2026-11-24T07:00:00Z, or a position of the log"
        case .word: Word.requirement
        case .alias: "must be 2 to 63 of the characters a-z, 0-9 and -"
        case .integer(let range): "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): "must be one of \(words.joined(separator: ", "))"
        case .depth: "must be a number from 1, or all"
        case .eventType: "must be the type of an event such as employee.role_changed, or employee.*"
        case .eventTypes:
            "must be an array of at most \(FieldFormat.eventTypeWords.count) types of events such as employee.role_changed, or "
                + "employee.*"
        case .webhookURL:
            "must be an https URL of at most \(WebhookURL.limit) bytes, in ASCII, without user name and fragment"
        case .actor: "must be an account's id, or SYSTEM"
        case .member: "must be an entity's id, or \(FieldFormat.memberKinds.joined(separator: ", "))"
        case .requestID: "must be 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-'"
        case .flag: "must be true or false"
        case .object:
            "must be an object whose texts have no control characters but tab and line feed, and no invisible ones"
        case .secrets:
            "must be an object of names and secrets of at most \(TextRule.prose.bytes) bytes; null removes one, "
                + "\"\(SecretNames.mask)\" keeps it"
        }
    }

    var schema: JSON {
        switch self {
        case .text(let rule):
            [
                "type": "string", "maxLength": .integer(Int64(rule.bytes)),
                // Control characters; no pattern states the rest of the rule.
                "pattern": rule.hasLines
                    ? "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$" : "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
            ]
        case .email: ["type": "string", "format": "email", "maxLength": .integer(Int64(EmailAddress.limit))]
        case .uuid, .id: ["type": "string", "format": "uuid"]
        case .date, .birthDate: ["type": "string", "format": "date"]
        case .timeZone: ["type": "string"]
        case .country: ["type": "string", "pattern": "^[A-Z]{2}$"]
        case .time: ["type": "string", "format": "date-time"]
        case .moment: ["type": "string", "anyOf": [["format": "date-time"], ["pattern": "^[0-9]+$"]]]
        case .word: ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"]
        case .alias: ["type": "string", "pattern": "^[a-z0-9-]{2,63}$"]
        case .integer(let range):
            // A number that no double holds cannot be written; no client has one that large.
            range.upperBound > 1 << 53
                ? ["type": "integer", "minimum": .integer(range.lowerBound)]
                : [
                    "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
                ]
        case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .depth: ["type": "string", "pattern": "^(all|[1-9][0-9]*)$"]
        case .eventType: ["type": "string", "pattern": "^[a-z]{1,32}\\.([a-z_]{1,64}|\\*)$"]
        case .eventTypes:
            [
                "type": "array", "maxItems": .integer(Int64(FieldFormat.eventTypeWords.count)),
                "items": ["type": "string", "enum": .array(FieldFormat.eventTypeWords.map { .string($0) })],
            ]
        case .webhookURL:
            ["type": "string", "maxLength": .integer(Int64(WebhookURL.limit)), "pattern": "^https?://[^@#\\s]+$"]
        case .actor: ["type": "string", "pattern": "^(SYSTEM|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"]
        case .member:
            [
                "type": "string",
                "pattern": .string(
                    "^(\(FieldFormat.memberKinds.joined(separator: "|"))|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
                ),
            ]
        case .requestID: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]
        case .flag: ["type": "boolean"]
        case .object: ["type": "object"]
        case .secrets: ["type": "object", "additionalProperties": ["type": ["string", "null"]]]
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
