import CanonicalJSON
import DirectoryEvents

/// The schema of a request body, and an example: the fields that the body's `init` reads, found by running it on a recorder.
struct BodySchema {
    let name: String
    let json: JSON
    /// A body that is accepted.
    let example: JSON
    /// The fields of the body, or of its elements.
    let fields: [BodyFields.Declaration]

    init(_ body: any RequestBody.Type) {
        let recorder = BodyFields.recorder()
        _ = body.init(recorder)
        // A distinct name, since a body and a response may describe the same thing differently.
        name = body.name + "Body"
        if let element = recorder.element {
            fields = element.declarations
            json = [
                "type": "array", "maxItems": .integer(Int64(recorder.elementLimit ?? 0)), "items": Self.object(fields),
            ]
            example = [Self.example(fields)]
        } else {
            fields = recorder.declarations
            json = Self.object(fields)
            example = Self.example(fields)
        }
    }

    private static func object(_ fields: [BodyFields.Declaration]) -> JSON {
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        var members = [JSON.Member(name: "type", value: "object")]
        if !required.isEmpty { members.append(JSON.Member(name: "required", value: .array(required))) }
        members.append(
            JSON.Member(
                name: "properties", value: .object(fields.map { JSON.Member(name: $0.name, value: schema(of: $0)) })))
        members.append(JSON.Member(name: "additionalProperties", value: false))
        return .object(members)
    }

    /// A field's schema.
    private static func schema(of field: BodyFields.Declaration) -> JSON {
        var members = (field.isNullable ? nullable(field.format) : field.format.schema).members ?? []
        if !field.isNullable, case .text = field.format { members.append(JSON.Member(name: "minLength", value: 1)) }
        let requirement = field.format.requirement
        var words = requirement.prefix(1).uppercased() + requirement.dropFirst() + "."
        // JSON Schema cannot limit the length in bytes: `maxLength`, in characters, is an upper bound.
        if members.contains(where: { $0.name == "maxLength" }) {
            words += " The limit is in bytes of UTF-8: text beyond ASCII must have fewer characters than `maxLength`."
        }
        members.append(JSON.Member(name: "description", value: .string(words)))
        return .object(members)
    }

    /// The schema of a field that may have no value, of which `null` is the word, and the empty string where it is no text.
    private static func nullable(_ format: FieldFormat) -> JSON {
        let schema = format.schema
        var isText = false
        if case .text = format { isText = true }
        // What is not an id identifies nothing, and neither does the empty string.
        if !isText, format != .id, schema["format"] != nil || schema["pattern"] != nil || schema["enum"] != nil {
            return ["anyOf": [schema, ["enum": ["", .null]]]]
        }
        return .object(
            (schema.members ?? []).map { member in
                member.name == "type" ? JSON.Member(name: "type", value: [member.value, "null"]) : member
            })
    }

    private static func example(_ fields: [BodyFields.Declaration]) -> JSON {
        .object(fields.map { JSON.Member(name: $0.name, value: example($0)) })
    }

    private static func example(_ field: BodyFields.Declaration) -> JSON {
        switch field.format {
        case .flag: true
        case .object: ["theme": "dark"]
        case .eventTypes: [.string(field.format.example)]
        case .secrets: ["token": "s3cr3t"]
        default: .string(field.example ?? field.format.example)
        }
    }
}
