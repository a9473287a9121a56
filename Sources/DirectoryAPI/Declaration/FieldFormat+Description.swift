import CanonicalJSON
import Directory
import DirectoryEvents

/// How formats are described: to a client that sends something else, and in OpenAPI.
extension FieldFormat {
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
}
