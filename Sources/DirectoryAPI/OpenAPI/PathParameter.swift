import CanonicalJSON

/// A parameter of a path, as it is described: by its name and by the name in the path before it, since `key` is the id of a
/// key in one path and a member of an app's data in another.
struct PathParameter: Sendable {
    let name: String
    let schema: JSON
    let meaning: String
    let example: String
    /// The schemas of the entities whose ids it takes; empty if it takes no id.
    let entities: [String]

    /// - Parameter literal: the name in the path before it.
    init(_ name: String, after literal: String) {
        let text = PathParameter.texts["\(literal)/\(name)"] ?? PathParameter.texts[name]
        self.name = name
        if let text, PathParameter.ids["\(literal)/\(name)"] == nil {
            (schema, meaning, example, entities) = (text.schema, text.meaning, text.example, [])
            return
        }
        let noun = name.hasSuffix("Id") ? String(name.dropLast(2)) : name
        let id = PathParameter.ids["\(literal)/\(name)"] ?? PathParameter.ids[noun]
        schema = name.hasSuffix("OrEmail") ? ["type": "string"] : FieldFormat.id.schema
        meaning = id?.meaning ?? "The \(noun)'s id."
        example = id?.example.id ?? ""
        entities = id?.entities ?? []
    }

    private typealias Text = (schema: JSON, meaning: String, example: String)
    private typealias ID = (example: Examples.Entity, entities: [String], meaning: String?)

    private static let text: JSON = ["type": "string"]

    private static let texts: [String: Text] = [
        "alias": (FieldFormat.alias.schema, "The organization's alias.", FieldFormat.alias.example),
        "type": (text, "The type of app.", "SLACK"),
        "externalId": (text, "The organization's id in the app.", "T024BE7LD"),
        "by-app-data/key": (text, "A member of the app's data.", "theme"),
        "value": (text, "The member's value.", "dark"),
        "by-app-secret/key": (text, "The name of one of the app's secrets.", "token"),
        "mappedId": (text, "The entity's id in the app.", "U024BE7LH"),
        "namespace": (text, "The kind of id.", "user"),
        "preferences/namespace": (text, "The namespace, such as a program's name.", "ui"),
        "level": (text, "The level of the tree, 0 for the leaves' hashes.", "0"),
        "tile": (
            text,
            "The number of the tile in groups of three digits, `x001/x234/067`, with slashes; of a partial one with `.p/` and its "
                + "width.", "000.p/1"
        ),
        "name": (text, "Beginnings of words of the name; case and accents do not matter.", "ada"),
    ]

    private static let ids: [String: ID] = [
        "organization": (.organization, ["Organization"], nil),
        "account": (.account, ["Account"], nil),
        "accountIdOrEmail": (.account, ["Account"], "The account's id, or its e-mail address."),
        "employee": (.employee, ["Employee"], nil),
        "manager": (.manager, ["Employee"], nil),
        "entity": (.employee, ["Employee", "Account", "Group"], "The id of an employee, account or group."),
        "group": (.group, ["Group"], nil),
        "group/id": (.group, ["Group"], "The group's id."),
        "app": (.app, ["App"], nil),
        "webhook": (.webhook, ["Webhook"], nil),
        "keys/key": (.key, ["OrganizationKey"], nil),
    ]
}

extension PathPattern {
    /// The parameters as they are described.
    var described: [PathParameter] {
        var literal = ""
        return segments.compactMap { segment in
            switch segment {
            case .name(let name):
                literal = name
                return nil
            case .parameter(let name): return PathParameter(name, after: literal)
            }
        }
    }
}
