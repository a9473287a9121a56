import Directory
import DirectoryEvents
import DirectoryRows

/// The body of operations that change or replace a profile: the edits of the fields that it names.
struct ProfileBody<P: EntityProjection>: RequestBody {
    static var name: String { "\(P.kind.title)Profile" }
    let edits: [String: FieldEdit<String>]

    init(_ fields: BodyFields) {
        var edits: [String: FieldEdit<String>] = [:]
        for field in P.kind.profileFields {
            let edit = fields.edit(field.name, FieldFormat(field.format), example: field.example)
            if edit != .keep { edits[field.name] = edit }
        }
        self.edits = edits
    }
}
