import CanonicalJSON
import Directory
import DirectoryEvents

/// The body that adds an app.
struct NewApp: RequestBody {
    static let name = "NewApp"
    let type: String
    let externalID, appName: String?
    let isInternal: Bool?
    let appData: JSON?
    let secrets: [(name: String, edit: FieldEdit<String>)]

    init(_ fields: BodyFields) {
        type = fields.required("type", .word, example: "SLACK")
        externalID = fields.optional("externalId", .text(.line), example: "T024BE7LD")
        appName = fields.optional("name", .text(.name), example: "Acme's Slack")
        isInternal = fields.optionalFlag("internal")
        appData = fields.optionalObject("appData")
        secrets = fields.secrets("secretData")
    }
}

/// The body that changes an app.
struct AppPatch: RequestBody {
    static let name = "AppPatch"
    let type, externalID, appName: FieldEdit<String>
    let isInternal: FieldEdit<Bool>
    let appData: FieldEdit<JSON>
    let secrets: [(name: String, edit: FieldEdit<String>)]

    init(_ fields: BodyFields) {
        type = fields.edit("type", .word, isNullable: false, example: "SLACK")
        externalID = fields.edit("externalId", .text(.line), example: "T024BE7LD")
        appName = fields.edit("name", .text(.name), example: "Acme's Slack")
        isInternal = fields.editFlag("internal")
        appData = fields.editObject("appData")
        secrets = fields.secrets("secretData")
    }
}

/// The body that asks for a secret.
struct SecretQuery: RequestBody {
    static let name = "SecretQuery"
    let secret: String

    init(_ fields: BodyFields) { secret = fields.required("secret", .text(.prose), example: "s3cr3t") }
}
