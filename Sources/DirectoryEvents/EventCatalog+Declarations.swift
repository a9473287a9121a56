extension EventCatalog {
    private static let fields = Field("fields")

    private static func change(_ type: String, _ pointer: String, _ meaning: String) -> Declaration {
        Declaration(type, meaning, data: [fields], sealed: [Field(pointer)])
    }

    private static func profile(_ type: String, _ meaning: String, _ names: [String]) -> Declaration {
        Declaration(
            type, meaning, data: [fields], sealed: names.map { Field("/profile/" + $0, isOptional: true) })
    }

    static let organization: [Declaration] = [
        Declaration("organization.created", "An organization was made.", sealed: [Field("name"), Field("alias")]),
        change("organization.renamed", "/name", "An organization's name changed."),
        change("organization.alias_changed", "/alias", "An organization's alias changed."),
        profile(
            "organization.profile_changed", "Fields of an organization's profile changed.", Profile.organizationFields),
        Declaration("organization.deactivated", "An organization became INACTIVE: it takes no change."),
        Declaration("organization.activated", "An organization became ACTIVE again."),
        Declaration(
            "organization.import_started",
            "An import of a file began, or goes on; the file has so many lines by now, with this digest.",
            data: [Field("import"), Field("lines")], sealed: [Field("digest")]),
        Declaration(
            "organization.import_stopped",
            "An import ended before a line that a rule refuses; so many lines were carried out, with this digest.",
            data: [Field("import"), Field("lines")], sealed: [Field("digest")]),
        Declaration(
            "organization.import_completed",
            "An import was carried out to the end of its file, so many lines, with this digest; the first ones stored bear none.",
            data: [Field("import"), Field("lines")], sealed: [Field("digest", isOptional: true)]),
    ]

    static let account: [Declaration] = [
        Declaration(
            "account.created", "An account was made.", sealed: [Field("email"), Field("name", isOptional: true)]),
        change("account.renamed", "/name", "An account's name changed."),
        change("account.email_changed", "/email", "An account's e-mail address changed."),
        Declaration(
            "account.role_granted",
            "An account got a role in the organization, or on the platform; or a grant bears another employee from now on.",
            related: .sometimes(.employee), data: [Field("role")], isOrganizationTarget: true),
        Declaration(
            "account.role_revoked", "An account lost a role in the organization, or on the platform.",
            related: .sometimes(.employee), data: [Field("role")], isOrganizationTarget: true),
        Declaration("account.deactivated", "An account became INACTIVE: its tokens count no more."),
        Declaration("account.activated", "An account became ACTIVE again."),
    ]

    static let employee: [Declaration] = [
        Declaration(
            "employee.created", "An employee of the organization was made, linked to an account or not.",
            related: .sometimes(.account), data: [Field("type")],
            sealed: [Field("name"), Field("email"), Field("role", isOptional: true)], isOrganizationTarget: true),
        change("employee.renamed", "/name", "An employee's name changed."),
        change("employee.email_changed", "/email", "An employee's e-mail address changed."),
        change("employee.role_changed", "/role", "An employee's job title changed."),
        Declaration("employee.type_changed", "An employee's type changed.", data: [Field("/type")]),
        Declaration(
            "employee.account_linked", "An employee was linked to an account.", related: .always(.account)),
        Declaration(
            "employee.account_unlinked", "An employee is no longer linked to an account.", related: .always(.account)),
        profile("employee.profile_changed", "Fields of an employee's profile changed.", Profile.employeeFields),
        Declaration(
            "employee.manager_assigned", "A reporting line to a manager began.", related: .always(.employee),
            data: [Field("type")]),
        Declaration(
            "employee.manager_removed", "A reporting line to a manager ended.", related: .always(.employee),
            data: [Field("type")]),
        Declaration(
            "employee.manager_type_changed", "The type of a reporting line changed.", related: .always(.employee),
            data: [Field("/type")]),
        Declaration("employee.deactivated", "An employee became INACTIVE."),
        Declaration("employee.activated", "An employee became ACTIVE again."),
    ]
}
