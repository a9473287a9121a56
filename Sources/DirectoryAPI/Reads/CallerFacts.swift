import Directory
import EventSourcing
import FoundationEssentials
import Postgres

/// What a read found out about its caller, with an organization and the caller's roles there.
struct CallerFacts: Sendable {
    let caller: Caller
    let account: UUID
    /// Whether the account is active, and the key counts that signed its token.
    let isActive: Bool
    let grantsChanged: Position
    /// The position that the response shows.
    let position: Position
    /// The time of that position, where a past moment is shown; `nil` before the first event.
    let time: Instant?
    /// Whether that position is among those of one command, and not the last of them. The events of an import are each a moment of
    /// their own, since they took effect one by one.
    let isInsideCommand: Bool
    let roles: Roles
    /// The organization in question; `nil` where there is none.
    let organization: UUID?

    /// The columns of an account `c` and of its roles in an organization.
    init(_ columns: inout Columns, _ sql: ReadSQL, in organization: String, _ caller: Caller) throws {
        try self.init(
            &columns, caller, "c", sql, position: sql.position, roles: sql.roles(in: organization), in: organization)
    }

    /// The columns of the table `ctx`.
    init(context columns: inout Columns, _ sql: ReadSQL, _ caller: Caller) throws {
        try self.init(
            &columns, caller, "ctx", sql, position: "ctx.position", roles: "ctx.roles", in: "ctx.organization")
    }

    private init(
        _ columns: inout Columns, _ caller: Caller, _ table: String, _ sql: ReadSQL,
        position: @autoclosure () -> String,
        roles: @autoclosure () -> String, in organization: String
    ) throws {
        self.caller = caller
        account = try columns.uuid("\(table).id")
        isActive = try columns.bool("(\(sql.isActive(in: table)))")
        grantsChanged = try columns.int("\(table).grants_changed")
        self.position = try columns.int(position())
        if sql.variant.isPast {
            time = try columns.microsecondsIfPresent(sql.time).map { Instant(microseconds: $0) }
            isInsideCommand = try columns.bool(sql.isInsideCommand)
        } else {
            (time, isInsideCommand) = (nil, false)
        }
        self.roles = Roles(words: try columns.texts(roles()))
        self.organization = try columns.uuidIfPresent(organization)
    }

    /// Whether the caller has a permission at the organization.
    func has(_ permission: Permission) -> Bool { permission.isGiven(by: roles) }

    /// Whether the caller finds an entity of the organization.
    var finds: Bool { organization != nil && has(.read) && caller.finds(in: organization) }

    // MARK: The current organization

    /// - Throws: 400 where none is current; not found where the caller does not see it.
    func checkCurrentOrganization() throws {
        guard organization != nil else { throw Refusal.noOrganization }
        guard has(.read) else { throw Refusal.notFound("organization") }
    }

    /// - Throws: not found, where an organization is stated that the caller does not see.
    func checkStatedOrganization() throws {
        guard caller.statedOrganization == nil || has(.read) else { throw Refusal.notFound("organization") }
    }
}
