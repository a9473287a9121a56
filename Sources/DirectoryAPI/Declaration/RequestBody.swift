import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// The body of a request: a struct whose `init` reads its fields one by one. On the fields of a request it collects all errors
/// at once; on an empty recorder it yields the JSON schema.
protocol RequestBody: Sendable {
    /// The name in OpenAPI.
    static var name: String { get }
    init(_ fields: BodyFields)
}

/// Reads the fields of one request's body, and records which fields are read.
final class BodyFields {
    /// A field as described in OpenAPI.
    struct Declaration {
        let name: String
        let format: FieldFormat
        let isRequired: Bool
        /// Whether `null` is accepted, meaning no value or clearing the field.
        let isNullable: Bool
        /// A value that is accepted; where there is none, that of the format is shown.
        let example: String?
    }

    /// The fields read so far.
    private(set) var declarations: [Declaration] = []
    /// The fields of an element, if the body is an array.
    private(set) var element: BodyFields?
    /// The maximum number of elements.
    private(set) var elementLimit: Int?
    private(set) var errors: [Refusal.Field] = []
    let json: JSON
    private let prefix: String

    /// - Parameter prefix: the JSON pointer to `json`.
    init(_ json: JSON, prefix: String = "") {
        self.json = json
        self.prefix = prefix
    }

    /// A recorder: all fields are missing, and those that are read are recorded.
    static func recorder() -> BodyFields { BodyFields(.object([])) }

    /// A field that must be present and not empty.
    func required(_ name: String, _ format: FieldFormat, example: String? = nil) -> String {
        declare(name, format, isRequired: true, isNullable: false, example)
        switch json[name] {
        case nil, .some(.null): return refuse(name, "is required") ?? ""
        case .some(let value):
            return (value.string?.isEmpty == true ? refuse(name, "must not be empty") : text(value, name, format)) ?? ""
        }
    }

    /// A field that may be missing, or without a value.
    func optional(_ name: String, _ format: FieldFormat, example: String? = nil) -> String? {
        declare(name, format, isRequired: false, isNullable: true, example)
        guard let value = json[name], !isNothing(value, format) else { return nil }
        return text(value, name, format)
    }

    /// A field that is left unchanged if it is missing.
    /// - Parameter isNullable: whether `null`, or the empty string, clears it.
    func edit(
        _ name: String, _ format: FieldFormat, isNullable: Bool = true, example: String? = nil
    ) -> FieldEdit<String> {
        declare(name, format, isRequired: false, isNullable: isNullable, example)
        guard let value = json[name] else { return .keep }
        guard isNothing(value, format) else { return text(value, name, format).map { .set($0) } ?? .keep }
        if isNullable { return .clear }
        _ = refuse(name, value.isNull ? "must not be null" : "must not be empty")
        return .keep
    }

    /// Whether a value says that there is none: `null`, and the empty string, except in place of an id, which it is not.
    private func isNothing(_ value: JSON, _ format: FieldFormat) -> Bool {
        value.isNull || (format != .id && value.string?.isEmpty == true)
    }

    /// An id that must be present. A malformed id identifies no entity, and is refused like any other id that is not found.
    func requiredID(_ name: String, example: Examples.Entity) -> UUID {
        UUID(text: required(name, .id, example: example.id)) ?? .unknown
    }

    /// An id that may be missing or `null`.
    func optionalID(_ name: String, example: Examples.Entity) -> UUID? {
        optional(name, .id, example: example.id).map { UUID(text: $0) ?? .unknown }
    }

    /// An id that is left unchanged if it is missing.
    func editID(_ name: String, example: Examples.Entity) -> FieldEdit<UUID> {
        switch edit(name, .id, example: example.id) {
        case .keep: .keep
        case .clear: .clear
        case .set(let text): .set(UUID(text: text) ?? .unknown)
        }
    }

    /// Reads the elements of a body that is an array of objects.
    func elements<Element>(limit: Int, _ make: (BodyFields) -> Element) -> [Element] {
        let recorder = BodyFields.recorder()
        _ = make(recorder)
        element = recorder
        elementLimit = limit
        guard let array = json.array else {
            errors.append(Refusal.Field(prefix, "must be an array"))
            return []
        }
        guard array.count <= limit else {
            errors.append(Refusal.Field(prefix, "must have at most \(limit) elements"))
            return []
        }
        return array.enumerated().map { index, value in
            let fields = BodyFields(value, prefix: "\(prefix)/\(index)")
            let element = make(fields)
            errors += fields.allErrors
            return element
        }
    }

    /// Refuses ids that occur more than once.
    func check(_ ids: [UUID], isUniqueAt name: String) {
        var seen: Set<UUID> = []
        for (index, id) in ids.enumerated() where id != .unknown && !seen.insert(id).inserted {
            errors.append(Refusal.Field("\(prefix)/\(index)/\(name)", "is named more than once"))
        }
    }

    /// Finishes reading; fields that were never read are rejected.
    /// - Throws: `Problem` that lists every invalid field.
    func finish() throws {
        let errors = allErrors
        guard errors.isEmpty else { throw Problem.invalid("The body is not valid.", errors) }
    }

    private var allErrors: [Refusal.Field] {
        guard element == nil else { return errors }
        guard json.members != nil else { return [Refusal.Field(prefix, "must be an object")] }
        var errors = errors
        for member in json.members ?? [] where !declarations.contains(where: { $0.name.isIdentical(to: member.name) }) {
            errors.append(Refusal.Field(pointer(member.name), "is unknown"))
        }
        return errors
    }

    func declare(
        _ name: String, _ format: FieldFormat, isRequired: Bool, isNullable: Bool, _ example: String?
    ) {
        declarations.append(
            Declaration(
                name: name, format: format, isRequired: isRequired, isNullable: isNullable, example: example))
    }

    private func text(_ value: JSON, _ name: String, _ format: FieldFormat) -> String? {
        guard let text = value.string, let accepted = format.accept(text) else {
            return refuse(name, format.requirement)
        }
        return accepted
    }

    func refuse(_ name: String, _ detail: String) -> String? {
        errors.append(Refusal.Field(pointer(name), detail))
        return nil
    }

    private func pointer(_ name: String) -> String {
        prefix + JSONPointer.token(name)
    }
}

/// No body: if one is sent, it is not read.
struct NoBody: RequestBody {
    static let name = "NoBody"
    init(_ fields: BodyFields) {}
}

extension UUID {
    /// Represents a malformed id: no entity has it, so it is not found, like any other unknown id.
    static let unknown = UUID(high: .max, low: .max)
}
