import CanonicalJSON
import EventSourcing
import FoundationEssentials

@testable import DirectoryAPI

/// Holds a value against a schema of the description: the part of JSON Schema that it uses. More strictly than JSON Schema, a
/// member that is not described is a fault.
struct SchemaCheck: Sendable {
    /// Those that are referred to, by their references.
    private let schemas: [String: JSON]

    init(document: JSON) {
        let named = (document["components"]?["schemas"]?.members ?? []).map {
            ("#/components/schemas/\($0.name)", $0.value)
        }
        schemas = Dictionary(named) { first, _ in first }
    }

    /// What is wrong with a value, each with a pointer to it; empty if it is as described.
    func faults(_ value: JSON, _ schema: JSON, at pointer: String = "") -> [String] {
        if let reference = schema["$ref"]?.string {
            guard let found = schemas[reference] else { return ["\(reference) does not resolve"] }
            return faults(value, found, at: pointer)
        }
        return (schema.members ?? []).flatMap { faults(value, keyword: $0, of: schema, at: pointer) }
    }

    private func faults(_ value: JSON, keyword: JSON.Member, of schema: JSON, at pointer: String) -> [String] {
        func fault(_ isFault: Bool) -> [String] {
            isFault ? ["\(pointer): \(keyword.name) is \(text(keyword.value)), not so \(text(value).prefix(80))"] : []
        }
        switch keyword.name {
        case "description", "examples", "properties": return []
        case "type":
            let types = keyword.value.array ?? [keyword.value]
            return fault(!types.contains { SchemaCheck.isType($0.string ?? "", value) })
                + (value.members.map { members(of: $0, schema, at: pointer) } ?? [])
        case "enum": return fault(!(keyword.value.array ?? []).contains(value))
        case "format": return fault(value.string.map { !SchemaCheck.isFormat(keyword.value.string ?? "", $0) } ?? false)
        case "required":
            let names = (keyword.value.array ?? []).compactMap(\.string)
            return value.members == nil
                ? [] : names.filter { value[$0] == nil }.map { "\(pointer) lacks \($0)" }
        case "items":
            return (value.array ?? []).enumerated().flatMap { faults($1, keyword.value, at: "\(pointer)/\($0)") }
        default: return ["\(pointer): the keyword \(keyword.name) is not known here"]
        }
    }

    /// Free-form objects declare no properties.
    private func members(of value: [JSON.Member], _ schema: JSON, at pointer: String) -> [String] {
        guard let properties = schema["properties"] else { return [] }
        return value.flatMap { member in
            properties[member.name].map { faults(member.value, $0, at: "\(pointer)/\(member.name)") }
                ?? ["\(pointer)/\(member.name) is not described"]
        }
    }

    private static func isType(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", .number): value.integer != nil
        case ("number", .number): true
        default: false
        }
    }

    private static func isFormat(_ format: String, _ text: String) -> Bool {
        switch format {
        case "uuid": UUID(text: text)?.text == text
        case "date": CivilDate(text) != nil
        case "date-time": Instant(rfc3339: text) != nil
        case "email": FieldFormat.email.accept(text) != nil
        default: false
        }
    }
}
