import DirectoryEvents

extension Shape {
    static let group = Shape(
        "Group", "A set of members: employees, accounts and other groups.",
        [
            .always("id", .uuid, "Its id."), .always("organization", .uuid, "The organization that it belongs to."),
            .always("name", .string, "Its name.", "Anvil makers"),
            .always("type", .string, "The kind of group.", "TEAM"),
        ] + facts + [
            .optional("profile", .shape("GroupProfile"), "Its profile."),
            .hidden("mappings", .array(.shape("EntityMapping")), "Its ids in other systems."),
            .hidden("preferences", .array(.shape("NamespacedPreferences")), "Its preferences."),
        ])

    static let membership = Shape(
        "Membership", "An entity's membership in a group.",
        [
            .always("groupId", .uuid, "The group."), .always("entity", .uuid, "The member."),
            .always(
                "entityType", .words(FieldFormat.memberKinds), "The member's kind."),
            .always("type", .string, "The type of the membership.", "MEMBER"),
            .always("since", .time, "When the membership began, or its type last changed."),
        ])
}
