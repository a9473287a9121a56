import EventSourcing

/// A field of a profile, declared once: events, rows, request bodies, schemas and examples follow from it.
public struct ProfileField: Sendable, Hashable {
    /// What a value must look like.
    public enum Format: Sendable, Hashable {
        case text(TextRule)
        /// A day (RFC 3339 full-date).
        case date
        /// A day from 1900-01-01 to today, in UTC.
        case birthDate
        /// A name of the tz database.
        case timeZone
        /// A code of ISO 3166-1 alpha-2.
        case country
    }

    public let name: String
    public let format: Format
    /// Whether only OWNER, ADMIN, AUDITOR, SYSTEM_ADMIN and the person concerned see it.
    public let isHidden: Bool
    /// A value that is accepted.
    public let example: String

    fileprivate init(_ name: String, _ format: Format = .text(.line), isHidden: Bool = false, example: String) {
        self.name = name
        self.format = format
        self.isHidden = isHidden
        self.example = example
    }

    /// The JSON pointer into the entity.
    var pointer: String { Self.pointer(name) }

    static func pointer(_ name: String) -> String { prefix + name }
    static let prefix = "/profile/"
}

extension ProfileField.Format {
    /// What is wrong with a text, as the end of a sentence that begins with it; `nil` where it is a value.
    public func fault(in text: String, today: CivilDate) -> String? {
        switch self {
        case .text(let rule): rule.fault(in: text)
        case .date: CivilDate(text) == nil ? "is not a date such as 2026-11-24" : nil
        case .birthDate:
            CivilDate(text).map { $0.year >= 1900 && $0 <= today } == true
                ? nil : "is not a date from 1900-01-01 to today, written as 1990-11-24"
        case .timeZone: TimeZoneName.contains(text) ? nil : "is not a name of the tz database such as Europe/Berlin"
        case .country: CountryCode.contains(text) ? nil : "is not a code of ISO 3166-1 alpha-2 such as DE"
        }
    }
}

extension EntityKind {
    /// Whether its profile has fields that only some see.
    public var hidesFields: Bool { profile.hidesSome }

    /// The fields of its profile, in the order in which they are shown; empty where entities of the kind have none.
    public var profileFields: [ProfileField] { profile.fields }

    private var profile: ProfileFields {
        switch self {
        case .organization: ProfileFields.organization
        case .employee: ProfileFields.employee
        case .group: ProfileFields.group
        case .account: ProfileFields.none
        }
    }
}

/// The fields of the profiles of a kind of entity, and what is asked of them for each one that is shown.
private struct ProfileFields {
    let fields: [ProfileField]
    let hidesSome: Bool

    init(_ fields: [ProfileField]) {
        (self.fields, hidesSome) = (fields, fields.contains(where: \.isHidden))
    }

    static let none = ProfileFields([])

    static let organization = ProfileFields([
        ProfileField("logoUrl", .text(.url), example: "https://acme.example/logo.svg"),
        ProfileField("timezone", .timeZone, example: "Europe/Berlin"),
        ProfileField("location", example: "Berlin"),
        ProfileField("countryCode", .country, example: "DE"),
        ProfileField("companySize", example: "8"),
        ProfileField("website", .text(.url), example: "https://acme.example"),
        ProfileField("mission", .text(.prose), example: "Anvils that arrive on time."),
    ])

    static let group = ProfileFields([
        ProfileField("icon", .text(.url), example: "https://acme.example/anvils.svg"),
        ProfileField("description", .text(.prose), example: "Everybody who makes anvils."),
    ])

    static let employee = ProfileFields([
        ProfileField("employeeNumber", example: "1042"),
        ProfileField("firstName", .text(.name), example: "Ada"),
        ProfileField("lastName", .text(.name), example: "Keller"),
        ProfileField("bio", .text(.prose), example: "Builds things."),
        ProfileField("profileImage", .text(.url), example: "https://acme.example/ada.jpg"),
        ProfileField("birthDate", .birthDate, isHidden: true, example: "1990-12-10"),
        ProfileField("gender", isHidden: true, example: "female"),
        ProfileField("timezone", .timeZone, example: "Europe/Berlin"),
        ProfileField("location", example: "Berlin"),
        ProfileField("joinDate", .date, example: "2024-05-02"),
        ProfileField("companyRole", example: "Engineering"),
    ])
}
