import DirectoryEvents
import DirectoryRows

/// What a request says about the fields of a profile.
public struct ProfileEdits: Sendable {
    private let edits: [String: FieldEdit<String>]
    /// Whether fields that are not named are cleared, as far as the caller sees them.
    private let replaces: Bool

    public init(_ edits: [String: FieldEdit<String>], replaces: Bool) {
        self.edits = edits
        self.replaces = replaces
    }

    /// Whether it names a field.
    func names(_ field: ProfileField) -> Bool { edits[field.name] != nil }

    /// The changes that it makes to a profile, in the order of these fields, which are those that the caller sees.
    func changes(to profile: Profile, _ fields: some Sequence<ProfileField>) -> [ProfileChange] {
        fields.compactMap { field in
            let edit = edits[field.name] ?? (replaces ? .clear : .keep)
            return edit.change(from: profile.values[field.name]).map { ProfileChange(field.name, $0) }
        }
    }
}
