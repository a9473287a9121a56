import DirectoryEvents

// The shapes of the audit trail.
extension Shape {
    static let audit = [
        Shape(
            "AuditEntry", "Something that happened, who caused it, to what, and what it changed.",
            [
                .always("position", .integer, "Its place in the log: 1, 2, 3 … without a gap over all organizations."),
                .always("id", .uuid, "Its own id."), .always("time", .time, "When it was recorded."),
                .optional("effectiveAt", .time, "When it took effect, where that differs (imports)."),
                .always("type", .string, "What happened.", "employee.manager_assigned"),
                .optional("organization", .uuid, "The organization in whose trail it stands; none for the platform's."),
                .always("actor", .shape("AuditActor"), "Who caused it."),
                .always(
                    "targets", .array(.shape("AuditTarget")), "What it is about: first the entity that it changed."),
                .always("changes", .array(.shape("AuditChange")), "What it changed of that entity."),
                .always("context", .shape("AuditContext"), "The request that caused it; empty where none did."),
            ]),
        Shape(
            "AuditActor", "Who caused something.",
            [
                .always("type", .words(["ACCOUNT", "KEY", "SYSTEM"]), "Of what kind it is."),
                .optional("id", .uuid, "Its id; none for SYSTEM."),
                .optional(
                    "name", .string,
                    "What it is called today, for an account without a name its e-mail address; where the reader may see it.",
                    "Ada Keller"),
                .always("role", .string, "The highest role by which it was permitted.", "OWNER"),
                .optional("key", .uuid, "The organization's key that signed the request's token."),
            ]),
        Shape(
            "AuditTarget", "An entity that something is about.",
            [
                .always("type", .words(AuditFilter.entityTypes), "Of what kind it is."),
                .always("id", .uuid, "Its id."),
                .optional("name", .string, "What it is called today, where the reader may see it.", "Grace Hopper"),
            ]),
        Shape(
            "AuditChange", "What a field held before and holds now; a side without a value is left out.",
            [
                .always("field", .string, "A JSON pointer into the entity.", "/managers"),
                .optional("from", .anything, "Before."), .optional("to", .anything, "Now."),
            ]),
        Shape(
            "AuditContext", "The request that caused something.",
            [
                .optional("requestId", .string, "Its X-Request-Id; the same for all that it caused."),
                .optional("ip", .string, "The client's address.", "192.0.2.17"),
                .optional("userAgent", .string, "The client's program.", "curl/8.5.0"),
                .optional("idempotencyKey", .string, "Its Idempotency-Key."),
            ]),
    ]
}
