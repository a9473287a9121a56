import Directory
import DirectoryEvents

extension BodyFields {
    /// The edits of the profile's fields that are named.
    func profile(of kind: EntityKind) -> [String: FieldEdit<String>] {
        var edits: [String: FieldEdit<String>] = [:]
        for field in kind.profileFields {
            let edit = edit(field.name, FieldFormat(field.format), example: field.example)
            if edit != .keep { edits[field.name] = edit }
        }
        return edits
    }
}
