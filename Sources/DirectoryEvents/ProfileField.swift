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

    private init(_ name: String, _ format: Format = .text(.line), isHidden: Bool = false, example: String) {
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
    public var hidesFields: Bool { EntityKind.hiding.contains(self) }

    private static let hiding = Set(allCases.filter { $0.profileFields.contains(where: \.isHidden) })

    /// The fields of its profile, in the order in which they are shown; empty where entities of the kind have none.
    public var profileFields: [ProfileField] {
        switch self {
        case .organization: ProfileField.organization
        case .employee: ProfileField.employee
        case .group: ProfileField.group
        case .account: []
        }
    }
}

extension ProfileField {
    fileprivate static let organization = [
        ProfileField("logoUrl", .text(.url), example: "https://acme.example/logo.svg"),
        ProfileField("timezone", .timeZone, example: "Europe/Berlin"),
        ProfileField("location", example: "Berlin"),
        ProfileField("countryCode", .country, example: "DE"),
        ProfileField("companySize", example: "8"),
        ProfileField("website", .text(.url), example: "https://acme.example"),
        ProfileField("mission", .text(.prose), example: "Anvils that arrive on time."),
    ]

    fileprivate static let group = [
        ProfileField("icon", .text(.url), example: "https://acme.example/anvils.svg"),
        ProfileField("description", .text(.prose), example: "Everybody who makes anvils."),
    ]

    fileprivate static let employee = [
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
    ]
}
