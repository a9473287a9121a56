import CanonicalJSON
import EventSourcing

// Values of any type that JSON has, and the names of secrets.
extension EventField where Value == Bool? {
    static func optionalFlag(_ name: String) -> Self {
        Self(
            [.init(name, in: .data, isOptional: true)], read: { fields in fields.payload.data?[name]?.bool },
            write: { value, content in
                if let value { content.data.append(member(name, value ? true : false)) }
            })
    }
}

extension EventField where Value == ErasableValue? {
    static func optionalSealedValue(_ name: String) -> Self {
        Self(
            [.init(name, in: .sealed, isOptional: true)],
            read: { fields in
                fields.payload.isErased ? .erased : fields.payload.sealed?[name].map { .value($0) }
            },
            write: { value, content in
                switch value {
                case .value(let value): content.seal(value, as: name)
                case .erased: content.markErased()
                case nil: break
                }
            })
    }
}

extension EventField where Value == Change<JSON> {
    /// The change of a value that a client chose; `data.fields` lists its pointer.
    static func sealedValueChange(_ pointer: String) -> Self {
        Self(
            [.init("fields", in: .data), .init(pointer, in: .sealed)],
            read: { fields throws(UnreadableEvent) in try fields.sealedValueChange(pointer) },
            write: { value, content in content.seal(value, at: pointer) })
    }
}

extension EventField where Value == [ValueChange] {
    /// The changes of some members: those in `data` are of enumerated values, those in `sealed` of what clients chose. Events
    /// have any of them, first those in `data`, in this order.
    static func valueChanges(data: [String] = [], sealed: [String]) -> Self {
        Self(
            data.map { .init("/\($0)", in: .data, isOptional: true) } + [.init("fields", in: .data, isOptional: true)]
                + sealed.map { .init("/\($0)", in: .sealed, isOptional: true) },
            read: { fields throws(UnreadableEvent) in
                var changes = data.compactMap { name in
                    fields.payload.data?["/\(name)"].map { ValueChange(name, Change($0)) }
                }
                for case .string(let pointer) in fields.payload.data?["fields"]?.array ?? [] {
                    changes.append(ValueChange(String(pointer.dropFirst()), try fields.sealedValueChange(pointer)))
                }
                return changes
            },
            write: { value, content in
                for change in value {
                    let pointer = "/\(change.name)"
                    if data.contains(change.name) {
                        content.data.append(member(pointer, change.change.json))
                    } else {
                        content.seal(change.change, at: pointer)
                    }
                }
            })
    }
}

extension EventField where Value == SecretNames {
    /// The names of secrets that were set, and of those that were removed; a list without a name is left out.
    static func secretNames(set: String, removed: String) -> Self {
        Self(
            [.init(set, in: .sealed, isOptional: true), .init(removed, in: .sealed, isOptional: true)],
            read: { fields in
                func names(_ field: String) -> [String] {
                    (fields.payload.sealed?[field]?.array ?? []).compactMap(\.string)
                }
                return fields.payload.isErased ? .erased : SecretNames(set: names(set), removed: names(removed))
            },
            write: { value, content in
                if value.isErased { content.markErased() }
                for (field, names) in [(set, value.set), (removed, value.removed)] where !names.isEmpty {
                    content.seal(.array(names.map { .string($0) }), as: field)
                }
            })
    }
}

extension FieldReader {
    func sealedValueChange(_ pointer: String) throws(UnreadableEvent) -> Change<JSON> {
        if payload.isErased { return .erased }
        guard let change = payload.sealed?[pointer] else { throw unreadable("sealed has no \(pointer)") }
        return Change(change)
    }
}

extension Change<JSON> {
    fileprivate init(_ json: JSON) { self.init(from: json["from"], to: json["to"]) }

    /// Both sides; one without a value is left out.
    var json: JSON {
        .object([("from", from), ("to", to)].compactMap { name, value in value.map { member(name, $0) } })
    }
}
