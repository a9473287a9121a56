extension Shape {
    static let webhook = Shape(
        "Webhook", "A URL that receives an organization's events.",
        [
            .always("id", .uuid, "Its id."),
            .always("url", .string, "Where events are sent.", FieldFormat.webhookURL.example),
            .optional("name", .string, "Its name.", "Payroll"),
            .always(
                "types", .array(.string),
                "The types of events that it receives, `employee.*` and the like among them; if there are none, it receives all."
            ),
            .always("active", .bool, "Whether the status is ACTIVE."),
            .always("status", .shape("StatusInfo"), "Its status. One that is INACTIVE receives nothing."),
            .always("created", .shape("CreationInfo"), "Who created it, and when."),
            .optional(
                "secret", .string,
                "The secret of its signatures: `whsec_` and 32 bytes in base64. Shown only once, when the webhook is created."
            ),
        ])

    static let webhookDelivery = Shape(
        "WebhookDelivery", "An attempt to deliver an event to a webhook.",
        [
            .always("event", .uuid, "The id of the event, in `webhook-id`; of a test an id of its own."),
            .optional("position", .integer, "The position of the event; none for a test."),
            .always("attempt", .integer, "Which attempt at the event it was, from 1."),
            .always("time", .time, "When it was made."),
            .always("milliseconds", .integer, "How long it took."),
            .always("delivered", .bool, "Whether it succeeded: the answer's status was 2xx."),
            .optional("status", .integer, "The status of the answer; none if there was no answer."),
            .optional(
                "error", .words(WebhookOutcome.Failure.allCases.map(\.rawValue)), "Why there was no answer."),
        ])
}
