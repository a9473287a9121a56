extension EventCatalog {
    /// `docs/events.md`, whole.
    public static var markdown: String {
        """
        # Events

        Made from the declarations in `Sources/DirectoryEvents`; do not edit. `DIRECTORY_WRITE_DOCS=1 swift test --filter \
        EventCatalogTests` regenerates it.

        An event records what happened, and is stored permanently. Each belongs to a *stream*, the entity that it is about, and \
        may name a *related* entity, the other end of a relation. `data` holds what only the server made, and bounded words; \
        `sealed` holds every other string that a client chose, hashed with a salt so that it can be erased. A field whose name \
        is a JSON pointer holds `{"from": …, "to": …}`, without the sides that have no value; `fields` lists the pointers of \
        what `sealed` holds, so that the audit trail can still name them after an erasure. A field in parentheses may be \
        missing. Events that come from a line of an imported file also have `import` and `line` in `data`.

        *Targets* are the entities under which the audit trail finds an event.

        \(EntityKind.allCases.map(section).joined())
        """
    }

    private static func section(_ kind: EntityKind) -> String {
        let types = declarations.filter { $0.stream == kind }
        guard !types.isEmpty else { return "" }
        let rows = types.map { type in
            "| `\(type.type)` | \(type.schema) | \(type.meaning) | \(text(type.related)) | \(text(type.data)) | "
                + "\(text(type.sealed)) | \(type.targets.map(\.rawValue).joined(separator: ", ")) |"
        }
        return """
            ## \(kind.title)

            | type | schema | meaning | related | data | sealed | targets |
            |---|---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))


            """
    }

    private static func text(_ related: EventDeclaration.Related) -> String {
        switch related {
        case .none: ""
        case .always(let kind): kind.word
        case .sometimes(let kind): "(\(kind.word))"
        }
    }

    private static func text(_ fields: [EventDeclaration.Field]) -> String {
        fields.map { $0.isOptional ? "(`\($0.name)`)" : "`\($0.name)`" }.joined(separator: " ")
    }
}
