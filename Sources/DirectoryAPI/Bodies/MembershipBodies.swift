import Directory
import DirectoryEvents
import FoundationEssentials

/// An element of the body of operation 51.
struct MembershipBody: RequestBody {
    static let name = "MembershipDeclaration"
    let group: UUID
    let type: String

    init(_ fields: BodyFields) {
        group = fields.requiredID("groupId", example: .group)
        type = fields.optional("type", .word, example: "MEMBER") ?? DefaultType.membership
    }
}

/// The body of operation 51: all memberships that are to be.
struct MembershipListBody: RequestBody {
    static let name = "MembershipDeclarationList"
    let memberships: [MembershipBody]

    init(_ fields: BodyFields) {
        memberships = fields.elements(limit: 10_000) { MembershipBody($0) }
        fields.check(memberships.map(\.group), isUniqueAt: "groupId")
    }
}
