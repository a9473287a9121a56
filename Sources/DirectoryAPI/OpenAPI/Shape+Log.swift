extension Shape {
    static let log = [
        Shape(
            "ConsistencyProof", "A proof that the log of one size extends that of another.",
            [
                .always("from", .integer, "The smaller size."), .always("to", .integer, "The larger size."),
                .always("hashes", .array(.string), "The hashes of RFC 6962, section 2.1.2, in Base 64."),
            ]),
        Shape(
            "LogEntry", "An event as its leaf in the tree hashes it, in canonical JSON.",
            [
                .always("position", .integer, "Its position in the log; the leaf has the index before."),
                .always("id", .uuid, "The id of the event."), .always("type", .string, "What happened."),
                .always("schema", .integer, "The version of the type's shape."),
                .optional("organization", .uuid, "The organization whose trail it belongs to."),
                .always("stream", .uuid, "The entity that it changed."),
                .always("streamType", .string, "The kind of that entity."),
                .optional("related", .uuid, "The other entity that it concerns."),
                .optional("data", .open, "What the server made, and enumerated values."),
                .optional("sealed", .string, "The commitment to what a client chose: HMAC-SHA-256, in hexadecimal."),
                .optional("actor", .uuid, "The account that caused it."),
                .always("actorRole", .string, "The highest role that permitted it."),
                .optional("actorKey", .uuid, "The organization's key that signed the request's token."),
                .optional("origin", .string, "The commitment to the request that caused it."),
                .always("recordedAt", .time, "When it was recorded."),
                .optional("effectiveAt", .time, "When it took effect, if that differs."),
                .optional("causation", .integer, "The position of the first event of the same change."),
            ]),
        Shape(
            "Opening", "What the commitments of an entry open to; what was erased is left out.",
            [
                .optional("sealed", .shape("OpenedCommitment"), "What a client chose."),
                .optional("origin", .shape("OpenedCommitment"), "The request that caused the event."),
            ]),
        Shape(
            "OpenedCommitment", "A text and its salt: the commitment is HMAC-SHA-256 of the text under the salt.",
            [
                .always("text", .string, "The text, whose UTF-8 bytes were committed to."),
                .always("salt", .string, "The salt, in hexadecimal."),
            ]),
    ]
}
