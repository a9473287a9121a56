import Directory
import DirectoryEvents
import FoundationEssentials

/// The body of operation 35.
struct ManagerBody: RequestBody {
    static let name = "ManagerAssignment"
    let manager: UUID
    let type: String

    init(_ fields: BodyFields) {
        manager = fields.requiredID("managerId", example: .manager)
        type = fields.required("type", .word)
    }
}

/// The body of PUT managers: an array of lines.
struct ManagerListBody: RequestBody {
    static let name = "ManagerAssignmentList"
    let lines: [ManagerBody]

    init(_ fields: BodyFields) {
        lines = fields.elements(limit: 1000) { ManagerBody($0) }
        fields.check(lines.map(\.manager), isUniqueAt: "managerId")
    }
}
