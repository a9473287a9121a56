import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// What a caller may read of the audit trail, from the columns of the statement.
///
/// - OWNER, ADMIN and AUDITOR may read the trail of their organization, SYSTEM_ADMIN all trails, and an account what happened
///   to itself outside all organizations (changes of its name, address and status). Several rights together give one trail.
/// - If the caller asks for an organization or an entity that they may see, but without such a right, the answer is 403.
/// - If the caller names an organization in the header and may not read any organization's trail, the answer is 403.
/// - If the caller may not see the organization or the entity, the answer is 404.
/// - The `org` claim restricts all of this to that organization.
/// - The header `X-Organization` does not filter, but must name an organization that the caller sees and, for a history, the
///   entity's own.
struct AuditRights: Sendable {
    let facts: CallerFacts
    /// The caller's roles in the organization that the filter names; `nil` if it does not exist.
    private let filterRoles: Roles?
    /// The kind of what the filter names; `nil` if it does not exist.
    private let kind: TargetKind?
    private let entityOrganization: UUID?
    private let entityRoles: Roles
    /// Whether the entity is an account that the caller sees.
    private let seesAccount: Bool
    /// Whether there is any organization whose trail the caller may read.
    private let readsTrails: Bool
    private let readsAll: Bool
    /// Whether the caller may read what happened to themselves outside all organizations.
    private let readsItself: Bool

    /// The columns of the tables `ctx`, `asked` and `t`, the target, of `AuditStatements`.
    init(_ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller) throws {
        facts = try CallerFacts(context: &columns, sql, caller)
        filterRoles = try columns.ifPresent("asked.roles is not null") { columns in
            Roles(words: try columns.texts("asked.roles"))
        }
        kind = try columns.textIfPresent("t.kind").flatMap { TargetKind(rawValue: $0) }
        entityOrganization = try columns.uuidIfPresent("t.organization")
        entityRoles = Roles(words: try columns.texts(sql.roles(in: "t.organization", of: "ctx")))
        seesAccount = try columns.bool("t.is_seen")
        readsTrails = try columns.bool("cardinality(ctx.trails) > 0")
        readsAll = try columns.bool("ctx.reads_all")
        readsItself = try columns.bool("ctx.itself is not null")
    }

    /// Whether the caller may read what the filter asks for.
    /// - Throws: `Refusal`, not found or forbidden.
    func check(_ filter: AuditFilter, _ caller: Caller) throws {
        try facts.checkStatedOrganization()
        if let organization = filter.organization {
            guard let filterRoles, Permission.read.isGiven(by: filterRoles), caller.hasRights(at: organization) else {
                throw Refusal.notFound("organization")
            }
            guard Permission.readTrail.isGiven(by: filterRoles) else { throw AuditRights.forbidden }
        }
        guard let entity = filter.entity else {
            // A caller who names an organization asks as its member, so what happened outside all organizations is not meant.
            guard readsAll || readsTrails || (readsItself && caller.namedOrganization == nil) else {
                throw AuditRights.forbidden
            }
            return
        }
        let history = filter.entityKind
        let missing = Refusal.notFound(history?.word ?? "entity")
        guard let kind, history.map({ kind == TargetKind($0) }) ?? true else { throw missing }
        guard kind != .account else {
            guard seesAccount else { throw missing }
            guard readsAll || readsTrails || (readsItself && entity == facts.account) else {
                throw AuditRights.forbidden
            }
            return
        }
        let isFound = history == nil ? caller.hasRights(at: entityOrganization) : caller.finds(in: entityOrganization)
        guard isFound, Permission.read.isGiven(by: entityRoles) else { throw missing }
        guard Permission.readTrail.isGiven(by: entityRoles) else {
            // Apps and keys are hidden from those who may not read the trail.
            throw kind.entity == nil ? missing : AuditRights.forbidden
        }
    }

    /// The organization whose trail is read where a filter is permitted: the one that it names, that of the token's claim, or that
    /// of the entity; `nil` where none is named.
    func organization(of filter: AuditFilter, _ caller: Caller) -> UUID? {
        filter.organization ?? caller.claimedOrganization ?? entityOrganization
    }

    static let forbidden = Refusal.forbidden(
        "Only OWNER, ADMIN and AUDITOR may read the trail of an organization.")
}
