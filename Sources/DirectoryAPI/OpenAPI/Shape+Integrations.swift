import DirectoryEvents

// Shapes that connect the directory to other systems.
extension Shape {
    static let app = Shape(
        "App", "A system that an organization uses.",
        [
            .always("id", .uuid, "Its id."),
            .optional("externalId", .string, "The organization's id in that system."),
            .optional("internal", .bool, "Whether it is one of the organization's own systems."),
            .optional("name", .string, "Its name."), .always("type", .string, "The kind of app.", "SLACK"),
        ] + facts + [
            .always("organization", .uuid, "The organization."),
            .always("secretData", .open, "Its secrets by key; each value is shown as \"••••\"."),
            .always("appData", .open, "Free-form data about it."),
        ])

    static let organizationKey = Shape(
        "OrganizationKey", "A key with which an organization's own programs sign tokens for their users.",
        [
            .always("id", .uuid, "Its id, used as `kid` in tokens."), .always("name", .string, "Its name.", "payroll"),
            .optional("secretBase64", .string, "The HMAC secret; shown only once, when the key is created."),
            .always("limitToRole", .string, "The highest role that its tokens can use.", "ADMIN"),
        ])

    static let entityMapping = Shape(
        "EntityMapping", "An entity's id in an app.",
        [
            .always("app", .uuid, "The app."), .always("namespace", .string, "The kind of id.", "user"),
            .always("mappedId", .string, "The entity's id there.", "U024BE7LH"),
            .optional("reference", .string, "Where it can be found there."),
            .always("mappingData", .open, "Free-form data about it."),
            .always("mappingSecrets", .open, "Its secrets by key; each value is shown as \"••••\"."),
        ])

    static let namespacedPreferences = Shape(
        "NamespacedPreferences", "Preferences of an entity, by namespace.",
        [
            .always("namespace", .string, "The namespace, such as a program's name.", "ui"),
            .always("values", .open, "The preferences."),
        ])

    static let mappedEntity = Shape(
        "MappedEntity", "An entity that an id in an app refers to.",
        [
            .always("entity", .uuid, "Its id."),
            .always("entityType", .words(EntityKind.allCases.map(\.rawValue)), "Its kind."),
        ])

    /// Shapes that describe the service itself.
    static let service = [
        Shape(
            "Problem", "Why a request was refused (RFC 9457).",
            [
                .always("type", .string, "The kind of problem.", "urn:directory:problem:invalid-request"),
                .always("title", .string, "The kind of problem in words.", "Invalid request"),
                .always("status", .integer, "The HTTP status."),
                .always("detail", .string, "What is wrong, and what to do about it.", "The body is not valid."),
                .always("instance", .string, "The request's id.", "urn:uuid:019abcde-0000-7000-8000-00000000002a"),
                .optional("errors", .array(.shape("FieldError")), "Every invalid field."),
            ]),
        Shape(
            "FieldError", "An invalid field.",
            [
                .always(
                    "pointer", .string, "A JSON pointer into the body, or ? and the name of a query parameter.",
                    "/email"),
                .always("detail", .string, "What is wrong with it.", "is required"),
            ]),
        Shape(
            "OpenAPI", "An OpenAPI 3.1 document.",
            [
                .always("openapi", .string, "Its version.", "3.1.0"), .always("info", .open, "What it describes."),
                .always("servers", .array(.open), "Where the service is."),
                .always("tags", .array(.open), "What operations are about."),
                .always("security", .array(.open), "How requests are authenticated."),
                .always("paths", .open, "The operations."),
                .always("webhooks", .open, "What the service itself sends."),
                .always("components", .open, "Shared components."),
            ]),
        Shape("Health", "The state of the service.", [.always("status", .words(["ok", "ready"]), "The state.")]),
    ]
}
