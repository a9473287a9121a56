import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// The body of a request: a struct that takes its fields one by one. Run on a request it collects all errors at once; run on
/// an empty recorder it yields the JSON schema.
protocol RequestBody: Sendable {
    /// Its name in OpenAPI.
    static var name: String { get }
    init(_ fields: BodyFields)
}

/// The fields of a body, as they are taken. It belongs to one request.
final class BodyFields {
    /// A field, as it is described in OpenAPI.
    struct Declaration {
        let name: String
        let format: FieldFormat
        let isRequired: Bool
        /// Whether `null` is taken: as no value, or to clear it.
        let isNullable: Bool
    }

    /// What has been taken so far.
    private(set) var declarations: [Declaration] = []
    /// The fields of an element, where the body is an array.
    private(set) var element: BodyFields?
    /// How many elements there may be.
    private(set) var elementLimit: Int?
    private(set) var errors: [Refusal.Field] = []
    private let json: JSON
    private let prefix: String

    /// The fields of a JSON object; `prefix` is the pointer to it.
    init(_ json: JSON, prefix: String = "") {
        self.json = json
        self.prefix = prefix
    }

    /// A recorder: nothing is there, and what is taken is written down.
    static func recorder() -> BodyFields { BodyFields(.object([])) }

    /// A field that must be there, and not empty.
    func required(_ name: String, _ format: FieldFormat) -> String {
        declare(name, format, isRequired: true, isNullable: false)
        switch json[name] {
        case nil, .some(.null): return refuse(name, "is required") ?? ""
        case .some(let value):
            return (value.string == "" ? refuse(name, "must not be empty") : text(value, name, format)) ?? ""
        }
    }

    /// A field that may be missing or `null`.
    func optional(_ name: String, _ format: FieldFormat) -> String? {
        declare(name, format, isRequired: false, isNullable: true)
        guard let value = json[name], !value.isNull else { return nil }
        return text(value, name, format)
    }

    /// A field that stays as it is where it is missing.
    /// - Parameter isNullable: whether `null` clears it.
    func edit(_ name: String, _ format: FieldFormat, isNullable: Bool = true) -> FieldEdit<String> {
        declare(name, format, isRequired: false, isNullable: isNullable)
        switch json[name] {
        case nil: return .keep
        case .some(.null):
            if isNullable { return .clear }
            _ = refuse(name, "must not be null")
            return .keep
        case .some(let value):
            if !isNullable, value.string == "" {
                _ = refuse(name, "must not be empty")
                return .keep
            }
            return text(value, name, format).map { .set($0) } ?? .keep
        }
    }

    /// An id that must be there. One that is malformed is nobody's, and refused like any other that is not found.
    func requiredID(_ name: String) -> UUID { UUID(text: required(name, .id)) ?? .unknown }

    /// An id that may be missing or `null`.
    func optionalID(_ name: String) -> UUID? { optional(name, .id).map { UUID(text: $0) ?? .unknown } }

    /// An id that stays as it is where it is missing.
    func editID(_ name: String) -> FieldEdit<UUID> {
        switch edit(name, .id) {
        case .keep: .keep
        case .clear: .clear
        case .set(let text): .set(UUID(text: text) ?? .unknown)
        }
    }

    /// The elements of a body that is an array of objects.
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
            errors.append(Refusal.Field(prefix, "may have \(limit) elements at most"))
            return []
        }
        return array.enumerated().map { index, value in
            let fields = BodyFields(value, prefix: "\(prefix)/\(index)")
            let element = make(fields)
            errors += fields.allErrors
            return element
        }
    }

    /// Refuses what is named twice.
    func check(_ ids: [UUID], isUniqueAt name: String) {
        var seen: Set<UUID> = []
        for (index, id) in ids.enumerated() where id != .unknown && !seen.insert(id).inserted {
            errors.append(Refusal.Field("\(prefix)/\(index)/\(name)", "is named twice"))
        }
    }

    /// Ends the taking: fields that nobody took are unknown.
    /// - Throws: a problem that names every field at fault.
    func finish() throws {
        let errors = allErrors
        guard errors.isEmpty else { throw Problem.invalid("The body is not valid.", errors) }
    }

    private var allErrors: [Refusal.Field] {
        guard element == nil else { return errors }
        guard json.members != nil else { return [Refusal.Field(prefix, "must be an object")] }
        var errors = errors
        let known = Set(declarations.map(\.name))
        for member in json.members ?? [] where !known.contains(member.name) {
            errors.append(Refusal.Field(pointer(member.name), "is not known here"))
        }
        return errors
    }

    private func declare(_ name: String, _ format: FieldFormat, isRequired: Bool, isNullable: Bool) {
        declarations.append(
            Declaration(name: name, format: format, isRequired: isRequired, isNullable: isNullable))
    }

    private func text(_ value: JSON, _ name: String, _ format: FieldFormat) -> String? {
        guard let text = value.string, let accepted = format.accept(text) else {
            return refuse(name, format.requirement)
        }
        return accepted
    }

    private func refuse(_ name: String, _ detail: String) -> String? {
        errors.append(Refusal.Field(pointer(name), detail))
        return nil
    }

    private func pointer(_ name: String) -> String {
        "\(prefix)/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}

/// No body: what is sent all the same is not read.
struct NoBody: RequestBody {
    static let name = "NoBody"
    init(_ fields: BodyFields) {}
}

extension UUID {
    /// Stands for an id that is malformed: no entity has it, so it is not found like any other.
    static let unknown = UUID(high: .max, low: .max)
}
