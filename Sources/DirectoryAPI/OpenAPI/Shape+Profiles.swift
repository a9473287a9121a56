import DirectoryEvents

extension Shape {
    /// The profiles of all kinds that have one.
    static let profiles = EntityKind.allCases.filter { !$0.profileFields.isEmpty }.map { kind in
        Shape(
            "\(kind.title)Profile", "The \(kind.word)'s profile; `{}` if none has been set.",
            kind.profileFields.map { field($0, of: kind) })
    }

    private static func field(_ field: ProfileField, of kind: EntityKind) -> Field {
        let type: Kind = field.format == .date ? .date : .string
        guard field.isHidden else { return .optional(field.name, type, words(of: field.name), field.example) }
        return .optional(
            field.name, type,
            "\(words(of: field.name)) Shown to OWNER, ADMIN, AUDITOR, SYSTEM_ADMIN and the \(kind.word) itself.")
    }

    /// A field's name in words: `companySize` becomes "Company size."
    private static func words(of field: String) -> String {
        var words = ""
        for character in field {
            words += character.isUppercase ? " " + character.lowercased() : String(character)
        }
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }
}
