import EventSourcing

/// A type of event, declared once: its declaration and fields, and the case that they make.
///
///     static let managerAssigned = EventType(
///         .employee, "manager_assigned", "A reporting line to a manager began.",
///         .related(.employee), .word("type"), trail: .added("/managers", line), as: EmployeeEvent.managerAssigned)
struct EventType<Event: Sendable, each Value: Sendable>: ReadableEventType {
    let declaration: EventDeclaration
    private let fields: (repeat EventField<each Value>)
    private let make: @Sendable (repeat each Value) -> Event

    /// - Parameters:
    ///   - kind: the kind of entity in whose stream it is.
    ///   - word: what happened: `manager_assigned`.
    ///   - meaning: what it means, in one sentence.
    ///   - make: the case, made from the values of the fields.
    init(
        _ kind: EntityKind, _ word: String, schema: Int = 1, _ meaning: String,
        _ fields: repeat EventField<each Value>, isOrganizationTarget: Bool = false, trail: EventDeclaration.Trail,
        as make: @escaping @Sendable (repeat each Value) -> Event
    ) {
        var declared: [EventDeclaration.Field] = []
        var related = EventDeclaration.Related.none
        for field in repeat each fields {
            for new in field.declared where !declared.contains(new) { declared.append(new) }
            if field.related != .none { related = field.related }
        }
        declaration = EventDeclaration(
            type: "\(kind.word).\(word)", schema: schema, meaning: meaning, stream: kind, related: related,
            fields: declared, isOrganizationTarget: isOrganizationTarget, trail: trail)
        self.fields = (repeat each fields)
        self.make = make
    }

    /// What is stored of an event with these values.
    func content(_ values: repeat each Value) -> EventContent {
        var content = EventContent(declaration)
        for (field, value) in repeat (each fields, each values) { field.write(value, &content) }
        return content
    }

    func read(_ reader: FieldReader) throws(UnreadableEvent) -> Event {
        make(repeat try (each fields).read(reader))
    }
}

/// A type of event, whatever its fields are.
protocol ReadableEventType<Event>: Sendable {
    associatedtype Event
    var declaration: EventDeclaration { get }
    func read(_ reader: FieldReader) throws(UnreadableEvent) -> Event
}
