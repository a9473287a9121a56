import Directory
import DirectoryEvents

extension Shape {
    /// All shapes, in the order in which they are described.
    static let all =
        [
            organization, account, grant, employee, managerReference, reportCount, statusInfo, creationInfo, app,
            organizationKey, webhook, webhookDelivery,
            entityMapping, namespacedPreferences,
            group, membership, mappedEntity,
        ] + profiles + audit + log + service

    /// What every entity shows of its status and creation.
    static let facts: [Field] = [
        .always("active", .bool, "Whether the status is ACTIVE."),
        .always("status", .shape("StatusInfo"), "Its status."),
        .always("created", .shape("CreationInfo"), "Who created it, and when."),
    ]

    static let organization = Shape(
        "Organization", "An organization: the tenant to which employees, reporting lines and grants belong.",
        [.always("id", .uuid, "Its id."), .always("name", .string, "Its name.", "Acme")] + facts + [
            .always("alias", .string, "Its unique alias, by which it can be found.", "acme"),
            .always("owners", .array(.uuid), "The accounts that are OWNER in it."),
            .optional("profile", .shape("OrganizationProfile"), "Its profile."),
            .hidden("apps", .array(.shape("App")), "The apps that it uses."),
            .hidden("keys", .array(.shape("OrganizationKey")), "Its keys, without their secrets."),
            .hidden("preferences", .array(.shape("NamespacedPreferences")), "Its preferences."),
            .hidden("mappings", .array(.shape("EntityMapping")), "Its ids in other systems."),
        ])

    static let account = Shape(
        "Account", "A person or program that can sign in.",
        [
            .always("id", .uuid, "Its id."),
            .optional("email", .email, "Its e-mail address, unique among all accounts; none once it is erased."),
            .optional("name", .string, "Its name; “[erased]” once it is.", "Ada Keller"),
        ] + facts + [
            .hidden("mappings", .array(.shape("EntityMapping")), "Its ids in other systems."),
            .optional(
                "preferences", .array(.shape("NamespacedPreferences")),
                "Its preferences. Shown to the account itself and SYSTEM_ADMIN."),
            .always("grants", .array(.shape("Grant")), "Its roles, as far as the caller may see them."),
        ])

    static let grant = Shape(
        "Grant", "An account's role in an organization or, without `orgId`, on the platform.",
        [
            .optional("orgId", .uuid, "The organization."), .always("role", .string, "The role.", "ADMIN"),
            .optional(
                "employeeId", .uuid, "The employee that the grant is tied to: it ends when the employee is deactivated."
            ),
        ])

    static let employee = Shape(
        "Employee", "A member of an organization.",
        [
            .always("id", .uuid, "Its id."), .always("organization", .uuid, "The organization that it belongs to."),
            .always("name", .string, "Its name; “[erased]” once it is.", "Ada Keller"),
            .optional(
                "email", .email,
                "Its e-mail address, unique among the active employees of the organization; none once it is erased."),
            .optional("account", .uuid, "The account that it is linked to."),
            .optional("role", .string, "Its job title.", "Software Engineer"),
            .always("type", .string, "The kind of employee.", "EMPLOYEE"),
        ] + facts + [
            .optional("profile", .shape("EmployeeProfile"), "Its profile."),
            .always("managers", .array(.shape("ManagerReference")), "Its reporting lines, oldest first."),
            .hidden("mappings", .array(.shape("EntityMapping")), "Its ids in other systems."),
            .hidden("preferences", .array(.shape("NamespacedPreferences")), "Its preferences."),
        ])

    static let managerReference = Shape(
        "ManagerReference", "A reporting line of an employee.",
        [
            .always("managerId", .uuid, "The manager, an employee of the same organization."),
            .always("type", .string, "The type of the line.", "DIRECT"),
            .always("since", .time, "When the line began."),
        ])

    static let reportCount = Shape(
        "ReportCount", "How many people are below an employee, over lines of one type.",
        [
            .always("employee", .uuid, "The employee."),
            .always("direct", .integer, "How many report to the employee."),
            .always("all", .integer, "How many are below the employee at any depth, each counted once."),
        ])

    static let statusInfo = Shape(
        "StatusInfo", "Whether an entity is active. ERASED is for good.",
        [
            .always("current", .words(Status.allCases.map(\.rawValue)), "The status."),
            .always("changedAt", .time, "When the status last changed."),
            .always("changedBy", .author, "The account that changed it, or SYSTEM."),
        ])

    static let creationInfo = Shape(
        "CreationInfo", "Who created an entity, and when.",
        [
            .always("createdAt", .time, "When the entity was created."),
            .always("createdBy", .author, "The account that created it, or SYSTEM."),
        ])
}
