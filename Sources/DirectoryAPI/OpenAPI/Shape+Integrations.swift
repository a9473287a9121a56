import DirectoryEvents

// The shapes of what ties the directory to other systems.
extension Shape {
    static let app = Shape(
        "App", "A system that an organization uses.",
        [
            .always("id", .uuid, "Its id."),
            .optional("externalId", .string, "What the organization is called there."),
            .optional("internal", .bool, "Whether it is one of the organization's own."),
            .optional("name", .string, "Its name."), .always("type", .string, "Of what kind it is.", "SLACK"),
            .always("active", .bool, "Whether the status is ACTIVE."),
            .always("status", .shape("StatusInfo"), "Its status."),
            .always("created", .shape("CreationInfo"), "When it was created, and by whom."),
            .always("organization", .uuid, "The organization."),
            .always("secretData", .open, "Its secrets by key; instead of each value \"••••\"."),
            .always("appData", .open, "Whatever the organization keeps about it."),
        ])

    static let organizationKey = Shape(
        "OrganizationKey", "A key under which an organization's own programs sign tokens for their users.",
        [
            .always("id", .uuid, "Its id, named as `kid`."), .always("name", .string, "Its name.", "payroll"),
            .optional("secretBase64", .string, "The HMAC secret; shown once, when the key is made."),
            .always("limitToRole", .string, "The most that tokens under it may do.", "ADMIN"),
        ])

    static let entityMapping = Shape(
        "EntityMapping", "What an entity is called in an app.",
        [
            .always("app", .uuid, "The app."), .always("namespace", .string, "The kind of name.", "user"),
            .always("mappedId", .string, "The entity's id there.", "U024BE7LH"),
            .optional("reference", .string, "Where it is found there."),
            .always("mappingData", .open, "Whatever is kept about it."),
            .always("mappingSecrets", .open, "Its secrets by key; instead of each value \"••••\"."),
        ])

    static let namespacedPreferences = Shape(
        "NamespacedPreferences", "Preferences of an entity, by namespace.",
        [.always("namespace", .string, "Whose they are.", "ui"), .always("values", .open, "The preferences.")])

    /// What the service says of itself.
    static let service = [
        Shape(
            "Problem", "Why a request was refused (RFC 9457).",
            [
                .always("type", .string, "Names the kind of problem.", "urn:directory:problem:invalid-request"),
                .always("title", .string, "The kind of problem in words.", "Invalid request"),
                .always("status", .integer, "The HTTP status."),
                .always("detail", .string, "What is wrong, and what to do.", "The body is not valid."),
                .always("instance", .string, "The request.", "urn:uuid:019abcde-0000-7000-8000-00000000002a"),
                .optional("errors", .array(.shape("FieldError")), "Every field at fault."),
            ]),
        Shape(
            "FieldError", "A field at fault.",
            [
                .always(
                    "pointer", .string, "A JSON pointer into the body, or ? and a parameter of the query.", "/email"),
                .always("detail", .string, "What is wrong with it.", "is required"),
            ]),
        Shape(
            "OpenAPI", "An OpenAPI 3.1 document.",
            [
                .always("openapi", .string, "Its version.", "3.1.0"), .always("info", .open, "What it describes."),
                .always("paths", .open, "The operations."), .always("components", .open, "What they share."),
            ]),
        Shape("Health", "How the service is.", [.always("status", .words(["ok", "ready"]), "How it is.")]),
    ]
}
