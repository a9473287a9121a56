import Directory
import EventSourcing
import FoundationEssentials
import Postgres

/// What a read found out about its caller: the first five columns of every statement.
struct CallerFacts: Sendable {
    let account: UUID
    let grantsChanged: Position
    /// The position that the answer shows.
    let position: Position
    /// The roles in the organization in question.
    let roles: Roles

    /// Reads the columns.
    /// - Throws: a refusal as unauthenticated, where the account is inactive.
    init(_ row: Row, _ caller: Caller) throws {
        guard try row.text(1) == "ACTIVE" else { throw Refusal.noAccount }
        account = try row.uuid(0)
        grantsChanged = try row.int(2)
        position = try row.int(3)
        roles = try row.texts(4).reduce(into: []) { $0.formUnion(Roles(word: $1)) }
    }

    /// Whether the caller has a permission where the roles are.
    func has(_ permission: Permission) -> Bool { permission.isGiven(by: roles) }
}

extension Caller {
    /// Whether an entity of this organization may be found: a claim confines, and a named organization must be its own.
    func finds(_ organization: UUID?) -> Bool { statedOrganization == nil || statedOrganization == organization }
}
