import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// A field of a type of event: where it is stored, how it is written and how it is read, declared as one.
struct EventField<Value: Sendable>: Sendable {
    /// What it adds to the type's declaration.
    let declared: [EventDeclaration.Field]
    let related: EventDeclaration.Related
    let read: @Sendable (FieldReader) throws(UnreadableEvent) -> Value
    let write: @Sendable (Value, inout EventContent) -> Void

    init(
        _ declared: [EventDeclaration.Field] = [], related: EventDeclaration.Related = .none,
        read: @escaping @Sendable (FieldReader) throws(UnreadableEvent) -> Value,
        write: @escaping @Sendable (Value, inout EventContent) -> Void
    ) {
        self.declared = declared
        self.related = related
        self.read = read
        self.write = write
    }
}

// What only the server makes, and bounded words: `data`.
extension EventField where Value == String {
    static func word(_ name: String) -> Self {
        Self(
            [.init(name, in: .data)], read: { fields throws(UnreadableEvent) in try fields.data(name) },
            write: { value, content in content.data.append(member(name, .string(value))) })
    }
}

extension EventField where Value == [String] {
    /// Words of a set that the server knows.
    static func words(_ name: String) -> Self {
        Self(
            [.init(name, in: .data)], read: { fields throws(UnreadableEvent) in try fields.words(name) },
            write: { value, content in content.data.append(member(name, .array(value.map { .string($0) }))) })
    }
}

extension EventField where Value == UUID {
    static func id(_ name: String) -> Self {
        Self(
            [.init(name, in: .data)], read: { fields throws(UnreadableEvent) in try fields.uuid(name) },
            write: { value, content in content.data.append(member(name, .string(value.text))) })
    }

    /// The other end of a relation, which every event of the type has.
    static func related(_ kind: TargetKind) -> Self {
        Self(
            related: .always(kind), read: { fields throws(UnreadableEvent) in try fields.related() },
            write: { value, content in content.related = value })
    }
}

extension EventField where Value == UUID? {
    /// The other end of a relation, which some events of the type have.
    static func optionalRelated(_ kind: TargetKind) -> Self {
        Self(related: .sometimes(kind), read: { fields in fields.payload.related }, write: { $1.related = $0 })
    }
}

extension EventField where Value == Int {
    static func number(_ name: String) -> Self {
        Self(
            [.init(name, in: .data)], read: { fields throws(UnreadableEvent) in try fields.integer(name) },
            write: { value, content in content.data.append(member(name, .integer(Int64(value)))) })
    }
}

// Every other text that a client chose: `sealed`.
extension EventField where Value == Erasable {
    static func sealed(_ name: String) -> Self {
        Self(
            [.init(name, in: .sealed)], read: { fields throws(UnreadableEvent) in try fields.sealed(name) },
            write: { value, content in content.seal(value, as: name) })
    }
}

extension EventField where Value == Erasable? {
    static func optionalSealed(_ name: String) -> Self {
        Self(
            [.init(name, in: .sealed, isOptional: true)], read: { fields in fields.sealedIfPresent(name) },
            write: { value, content in if let value { content.seal(value, as: name) } })
    }
}

extension EventField where Value == Change<UUID>? {
    /// The change of an id, in events that change one.
    static func optionalIDChange(_ pointer: String) -> Self {
        Self(
            [.init(pointer, in: .data, isOptional: true)],
            read: { fields throws(UnreadableEvent) in try fields.idChangeIfPresent(pointer) },
            write: { value, content in
                guard let value else { return }
                let change = Change(from: value.from?.text, to: value.to?.text)
                content.data.append(member(pointer, change.json))
            })
    }
}

extension EventField where Value == Change<String> {
    /// The change of a bounded word.
    static func wordChange(_ pointer: String) -> Self {
        Self(
            [.init(pointer, in: .data)], read: { fields throws(UnreadableEvent) in try fields.wordChange(pointer) },
            write: { value, content in content.data.append(member(pointer, value.json)) })
    }

    /// The change of a text that a client chose. `data.fields` lists the pointer, so that the trail can name it after erasure.
    static func sealedChange(_ pointer: String) -> Self {
        Self(
            [.init("fields", in: .data), .init(pointer, in: .sealed)],
            read: { fields throws(UnreadableEvent) in try fields.sealedChange(pointer) },
            write: { value, content in content.seal(value, at: pointer) })
    }
}

extension EventField where Value == [ProfileChange] {
    /// Changes of a profile that has these fields.
    static func profileChanges(_ fields: [ProfileField]) -> Self {
        Self(
            [.init("fields", in: .data)] + fields.map { .init($0.pointer, in: .sealed, isOptional: true) },
            read: { reader throws(UnreadableEvent) in try reader.profileChanges() },
            write: { value, content in
                for change in value { content.seal(change.change, at: ProfileField.pointer(change.field)) }
            })
    }
}
