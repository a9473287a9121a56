import CanonicalJSON
import Directory
import DirectoryEvents

/// The body that sets a mapping.
struct MappingBody: RequestBody {
    static let name = "EntityMapping"
    let mappedID: String
    let reference: String?
    let data: JSON
    let secrets: [(name: String, edit: FieldEdit<String>)]

    init(_ fields: BodyFields) {
        mappedID = fields.required("mappedId", .text(.name), example: "U024BE7LH")
        reference = fields.optional("reference", .text(.url), example: "https://acme.slack.example/team/U024BE7LH")
        data = fields.optionalObject("mappingData") ?? .object([])
        secrets = fields.secrets("mappingSecrets")
    }
}

/// The body that sets preferences.
struct PreferencesBody: RequestBody {
    static let name = "NamespacedPreferences"
    let values: JSON

    init(_ fields: BodyFields) { values = fields.requiredObject("values") }
}
