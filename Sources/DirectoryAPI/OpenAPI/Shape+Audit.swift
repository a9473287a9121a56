import DirectoryEvents

extension Shape {
    static let audit = [
        Shape(
            "AuditEntry", "An event: what happened, who caused it, which entities it concerns and what it changed.",
            [
                .always(
                    "position", .integer, "Its position in the log: 1, 2, 3 … without gaps, across all organizations."),
                .always("id", .uuid, "The id of the entry."), .always("time", .time, "When it was recorded."),
                .optional("effectiveAt", .time, "When it took effect, if that differs (imports)."),
                .always("type", .string, "What happened.", "employee.manager_assigned"),
                .optional(
                    "organization", .uuid, "The organization whose trail it belongs to; none for the platform's trail."),
                .always("actor", .shape("AuditActor"), "Who caused it."),
                .always(
                    "targets", .array(.shape("AuditTarget")),
                    "The entities it concerns; the first is the one that it changed."),
                .always("changes", .array(.shape("AuditChange")), "What it changed in that entity."),
                .always("context", .shape("AuditContext"), "The request that caused it; empty if there was none."),
            ]),
        Shape(
            "AuditActor", "Who caused something.",
            [
                .always("type", .words(["ACCOUNT", "KEY", "SYSTEM"]), "The kind of actor."),
                .optional("id", .uuid, "The actor's id; none for SYSTEM."),
                .optional(
                    "name", .string,
                    "The actor's current name, if the reader may see it; for an account without a name, its e-mail address.",
                    "Ada Keller"),
                .always("role", .string, "The highest role that permitted it.", "OWNER"),
                .optional("key", .uuid, "The organization's key that signed the request's token."),
            ]),
        Shape(
            "AuditTarget", "An entity that an event concerns.",
            [
                .always("type", .words(AuditFilter.entityTypes), "The kind of entity."),
                .always("id", .uuid, "The entity's id."),
                .optional("name", .string, "The entity's current name, if the reader may see it.", "Grace Hopper"),
            ]),
        Shape(
            "AuditChange", "The old and the new value of a field; one that does not exist is left out.",
            [
                .always("field", .string, "A JSON pointer into the entity.", "/managers"),
                .optional("from", .anything, "The old value."), .optional("to", .anything, "The new value."),
            ]),
        Shape(
            "AuditDifference", "What differs of an entity between two moments.",
            [
                .always("entity", .uuid, "The entity's id."),
                .always("entityType", .words(EntityKind.allCases.map(\.rawValue)), "The kind of entity."),
                .optional("name", .string, "The entity's current name, if the reader may see it.", "Grace Hopper"),
                .always(
                    "changes", .array(.shape("AuditChange")),
                    "What differs. An element of a set has one side alone where it was added or removed."),
                .always(
                    "positions", .array(.integer),
                    "The positions of the events that made the differences, oldest first."),
            ]),
        Shape(
            "Density", "How many changes there were in a part of a span of time.",
            [
                .always("from", .time, "The part begins after this time."),
                .always("to", .time, "The part ends at this time, which is in it."),
                .always("changes", .integer, "The number of events of the organization."),
            ]),
        Shape(
            "AuditContext", "The request that caused an event.",
            [
                .optional("requestId", .string, "Its X-Request-Id; the same for all events that it caused."),
                .optional("ip", .string, "The client's address.", "192.0.2.17"),
                .optional("userAgent", .string, "The client's program.", "curl/8.5.0"),
                .optional("idempotencyKey", .string, "Its Idempotency-Key."),
                .optional(
                    "traceparent", .string, "Where it belongs in a distributed trace (W3C Trace Context), as it said.",
                    TraceParent.example),
            ]),
        Shape(
            "CloudEvent", "An entry of the audit trail as a CloudEvent (CloudEvents 1.0).",
            [
                .always("specversion", .words(["1.0"]), "The version of CloudEvents."),
                .always("id", .uuid, "The id of the entry."),
                .always(
                    "source", .string, "The log that it comes from: its name, as a URI reference.",
                    "//directory.example.com/log"),
                .always("type", .string, "What happened.", "employee.manager_assigned"),
                .always("subject", .uuid, "The entity that it changed."),
                .always("time", .time, "When it was recorded."),
                .always("datacontenttype", .words(["application/json"]), "The type of `data`."),
                .optional(
                    "traceparent", .string, "That of the entry's context: the extension for distributed tracing.",
                    TraceParent.example),
                .always("data", .shape("AuditEntry"), "The entry."),
            ]),
    ]
}
