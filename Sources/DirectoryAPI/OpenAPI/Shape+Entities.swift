import Directory
import DirectoryEvents

// The shapes of entities, as `contract/operations.md` names them.
extension Shape {
    /// All shapes, in the order in which they are described.
    static let all =
        [
            organization, organizationProfile, account, grant, employee, employeeProfile, managerReference, statusInfo,
            creationInfo, app, organizationKey, entityMapping, namespacedPreferences,
        ] + audit + service

    private static let facts: [Field] = [
        .always("active", .bool, "Whether the status is ACTIVE."),
        .always("status", .shape("StatusInfo"), "Its status."),
        .always("created", .shape("CreationInfo"), "When it was created, and by whom."),
    ]

    static let organization = Shape(
        "Organization", "An organization: the tenant to which employees, reporting lines and grants belong.",
        [.always("id", .uuid, "Its id."), .always("name", .string, "Its name.", "Acme")] + facts + [
            .always("alias", .string, "The word by which it is found, unique over all organizations.", "acme"),
            .always("owners", .array(.uuid), "The accounts that are OWNER in it."),
            .optional("profile", .shape("OrganizationProfile"), "What it says of itself."),
            .hidden("apps", .array(.shape("App")), "The apps that it uses."),
            .hidden("keys", .array(.shape("OrganizationKey")), "Its keys, without their secrets."),
            .hidden("preferences", .array(.shape("NamespacedPreferences")), "Its preferences."),
            .hidden("mappings", .array(.shape("EntityMapping")), "What it is called in other systems."),
        ])

    static let organizationProfile = Shape(
        "OrganizationProfile", "What an organization says of itself; `{}` where nothing was ever said.",
        Profile.organizationFields.map { .optional($0, .string, words(of: $0), profileExamples[$0]) })

    static let account = Shape(
        "Account", "A person or program that can sign in.",
        [
            .always("id", .uuid, "Its id."), .always("email", .email, "Its e-mail address, unique over all accounts."),
            .optional("name", .string, "Its name.", "Ada Keller"),
        ] + facts + [
            .hidden("mappings", .array(.shape("EntityMapping")), "What it is called in other systems."),
            .optional(
                "preferences", .array(.shape("NamespacedPreferences")),
                "Its preferences. Shown to itself and SYSTEM_ADMIN."),
            .always("grants", .array(.shape("Grant")), "Its roles, as far as the caller may see them."),
        ])

    static let grant = Shape(
        "Grant", "A role of an account in an organization or, without `orgId`, on the platform.",
        [
            .optional("orgId", .uuid, "The organization."), .always("role", .string, "The role.", "ADMIN"),
            .optional("employeeId", .uuid, "The employee with whose deactivation the grant ends."),
        ])

    static let employee = Shape(
        "Employee", "A member of an organization.",
        [
            .always("id", .uuid, "Its id."), .always("organization", .uuid, "The organization that it belongs to."),
            .always("name", .string, "Its name.", "Ada Keller"),
            .always("email", .email, "Its e-mail address, unique among the active employees of the organization."),
            .optional("account", .uuid, "The account that it is linked to."),
            .optional("role", .string, "Its job title.", "Software Engineer"),
            .always("type", .string, "Of what kind it is.", "EMPLOYEE"),
        ] + facts + [
            .optional("profile", .shape("EmployeeProfile"), "What it says of itself."),
            .always("managers", .array(.shape("ManagerReference")), "Its reporting lines, oldest first."),
            .hidden("mappings", .array(.shape("EntityMapping")), "What it is called in other systems."),
            .hidden("preferences", .array(.shape("NamespacedPreferences")), "Its preferences."),
        ])

    static let employeeProfile = Shape(
        "EmployeeProfile", "What an employee says of itself; `{}` where nothing was ever said.",
        Profile.employeeFields.map { field in
            let kind: Kind = field == "birthDate" || field == "joinDate" ? .date : .string
            if Profile.hiddenFields.contains(field) {
                return .optional(
                    field, kind,
                    "\(words(of: field)) Shown to OWNER, ADMIN, AUDITOR, SYSTEM_ADMIN and the employee itself.")
            }
            return .optional(field, kind, words(of: field), profileExamples[field])
        })

    static let managerReference = Shape(
        "ManagerReference", "A reporting line, as the employee that has it shows it.",
        [
            .always("managerId", .uuid, "The manager, an employee of the same organization."),
            .always("type", .string, "Of what kind the line is.", "DIRECT"),
            .always("since", .time, "Since when it is so."),
        ])

    static let statusInfo = Shape(
        "StatusInfo", "Whether an entity takes part.",
        [
            .always("current", .words(Status.allCases.map(\.rawValue)), "The status."),
            .always("changedAt", .time, "When it became so."),
            .always("changedBy", .author, "The account that caused it, or SYSTEM."),
        ])

    static let creationInfo = Shape(
        "CreationInfo", "When an entity was created, and by whom.",
        [
            .always("createdAt", .time, "When."),
            .always("createdBy", .author, "The account that caused it, or SYSTEM."),
        ])

    /// The words behind a field's name: `companySize` is "Company size."
    private static func words(of field: String) -> String {
        var words = ""
        for character in field {
            words += character.isUppercase ? " " + character.lowercased() : String(character)
        }
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    private static let profileExamples = [
        "logoUrl": "https://acme.example/logo.svg", "timezone": "Europe/Berlin", "location": "Berlin",
        "countryCode": "DE",
        "companySize": "8", "website": "https://acme.example", "mission": "Anvils that arrive on time.",
        "employeeNumber": "1042", "firstName": "Ada", "lastName": "Keller", "bio": "Builds things.",
        "profileImage": "https://acme.example/ada.jpg", "companyRole": "Engineering",
    ]
}
