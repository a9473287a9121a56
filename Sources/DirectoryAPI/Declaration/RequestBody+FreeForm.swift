import CanonicalJSON
import Directory
import DirectoryEvents

// Fields that are no strings.
extension BodyFields {
    /// A free-form object that must be present.
    func requiredObject(_ name: String) -> JSON {
        declare(name, .object, isRequired: true, isNullable: false, nil)
        guard let value = json[name], !value.isNull else {
            _ = refuse(name, "is required")
            return .object([])
        }
        return object(value, name) ?? .object([])
    }

    /// A free-form object that may be missing.
    func optionalObject(_ name: String) -> JSON? {
        if case .set(let object) = editObject(name) { object } else { nil }
    }

    /// A free-form object that is left unchanged if it is missing.
    func editObject(_ name: String) -> FieldEdit<JSON> {
        declare(name, .object, isRequired: false, isNullable: true, nil)
        guard let value = json[name] else { return .keep }
        return value.isNull ? .clear : object(value, name).map { .set($0) } ?? .keep
    }

    /// A truth value that may be missing.
    func optionalFlag(_ name: String) -> Bool? { editFlag(name).applied(to: nil) }

    /// A truth value that is left unchanged if it is missing.
    /// - Parameter isNullable: whether `null` clears it.
    func editFlag(_ name: String, isNullable: Bool = true) -> FieldEdit<Bool> {
        declare(name, .flag, isRequired: false, isNullable: isNullable, nil)
        switch json[name] {
        case nil: return .keep
        case .some(.null):
            if isNullable { return .clear }
            _ = refuse(name, "must not be null")
            return .keep
        case .some(.bool(let value)): return .set(value)
        default:
            _ = refuse(name, FieldFormat.flag.requirement)
            return .keep
        }
    }

    /// Types of events, each once and in order, that are left unchanged if they are missing. `null`, or none, clears them.
    func editEventTypes(_ name: String) -> FieldEdit<[String]> {
        declare(name, .eventTypes, isRequired: false, isNullable: true, nil)
        guard let value = json[name] else { return .keep }
        if value.isNull { return .clear }
        let known = FieldFormat.eventTypeWords
        let words = value.array?.map(\.string)
        guard let words, words.count <= known.count,
            words.allSatisfy({ word in known.contains { word?.isIdentical(to: $0) == true } })
        else {
            _ = refuse(name, FieldFormat.eventTypes.requirement)
            return .keep
        }
        return words.isEmpty ? .clear : .set(Set(words.compactMap(\.self)).sorted())
    }

    /// Secrets by their names, each with what is said of it; none if it is missing.
    func secrets(_ name: String) -> [(name: String, edit: FieldEdit<String>)] {
        declare(name, .secrets, isRequired: false, isNullable: true, nil)
        guard let value = json[name], !value.isNull else { return [] }
        let edits = value.members?.map { member in (name: member.name, edit: BodyFields.secret(member)) }
        guard let edits, edits.allSatisfy({ $0.edit != nil }) else {
            _ = refuse(name, FieldFormat.secrets.requirement)
            return []
        }
        return edits.compactMap { edit in edit.edit.map { (edit.name, $0) } }
    }

    /// What is said of a secret; `nil` where that is not clear.
    private static func secret(_ member: JSON.Member) -> FieldEdit<String>? {
        guard TextRule.name.allows(member.name) else { return nil }
        switch member.value {
        case .null: return .clear
        case .string(SecretNames.mask): return .keep
        case .string(let text): return !text.isEmpty && TextRule.prose.allows(text) ? .set(text) : nil
        default: return nil
        }
    }

    private func object(_ value: JSON, _ name: String) -> JSON? {
        guard value.members != nil, value.isClean else {
            _ = refuse(name, FieldFormat.object.requirement)
            return nil
        }
        return value
    }
}

extension JSON {
    /// Whether all texts in it, names included, have only what texts may have.
    fileprivate var isClean: Bool {
        switch self {
        case .null, .bool, .number: true
        case .string(let text): TextRule.freeForm.allows(text)
        case .array(let elements): elements.allSatisfy(\.isClean)
        case .object(let members): members.allSatisfy { TextRule.freeForm.allows($0.name) && $0.value.isClean }
        }
    }
}
