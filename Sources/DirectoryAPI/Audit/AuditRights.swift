import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// What a caller may read of the trail, as the statement found it.
///
/// - OWNER, ADMIN and AUDITOR read the trail of their organization; SYSTEM_ADMIN all; an account what happened to itself
///   outside of every organization (its name, its address, its status). What several of these rights give is one trail.
/// - Who asks for an organization or an entity that they may see, without such a right, is forbidden it, and so is who names
///   an organization in the header and reads no organization's trail. What they may not see is not there.
/// - A claim `org` confines all of it to that organization.
/// - The header `X-Organization` narrows nothing, but must name an organization that the caller sees and, for a history, the
///   entity's own.
struct AuditRights {
    private let facts: CallerFacts
    /// The roles in the organization that the filter names; `nil` where there is no such organization.
    private let filterRoles: Roles?
    /// The kind of the entity that the filter names; `nil` where there is none.
    private let kind: EntityKind?
    private let entityOrganization: UUID?
    private let entityRoles: Roles
    /// Whether the entity is an account that the caller sees.
    private let seesAccount: Bool
    /// Whether there is any organization whose trail it reads.
    private let readsTrails: Bool
    private let readsAll: Bool
    /// Whether it reads what happened to itself outside of organizations.
    private let readsItself: Bool

    /// Reads the columns of `AuditStatements`.
    init(_ row: Row, _ caller: Caller) throws {
        facts = try CallerFacts(row, caller)
        filterRoles = try row.intIfPresent(6).map { Roles(rawValue: $0) }
        kind = try row.textIfPresent(7).flatMap { EntityKind(rawValue: $0) }
        entityOrganization = try row.uuidIfPresent(8)
        entityRoles = Roles(rawValue: try row.intIfPresent(9) ?? 0)
        seesAccount = try row.bool(10)
        readsTrails = try row.bool(11)
        readsAll = try row.bool(12)
        readsItself = try row.bool(13)
    }

    /// Whether the caller may read what the filter asks for.
    /// - Parameter history: of what kind the filter's entity must be, where its history is asked for.
    /// - Throws: not found or forbidden.
    func check(_ filter: AuditFilter, _ caller: Caller, historyOf history: EntityKind?) throws {
        guard caller.statedOrganization == nil || facts.has(.read) else { throw Refusal.notFound("organization") }
        if let organization = filter.organization {
            guard let filterRoles, Permission.read.isGiven(by: filterRoles), caller.isConfined(to: organization) else {
                throw Refusal.notFound("organization")
            }
            guard Permission.readTrail.isGiven(by: filterRoles) else { throw AuditRights.forbidden }
        }
        guard let entity = filter.entity else {
            // Who names an organization asks as its member: what happened outside of all of them is no answer to that.
            guard readsAll || readsTrails || (readsItself && caller.namedOrganization == nil) else {
                throw AuditRights.forbidden
            }
            return
        }
        let missing = Refusal.notFound(history?.word ?? "entity")
        guard let kind, history == nil || history == kind else { throw missing }
        guard kind != .account else {
            guard seesAccount else { throw missing }
            guard readsAll || readsTrails || (readsItself && entity == facts.account) else {
                throw AuditRights.forbidden
            }
            return
        }
        let isFound = history == nil ? caller.isConfined(to: entityOrganization) : caller.finds(entityOrganization)
        guard isFound, Permission.read.isGiven(by: entityRoles) else { throw missing }
        guard Permission.readTrail.isGiven(by: entityRoles) else { throw AuditRights.forbidden }
    }

    private static let forbidden = Refusal.forbidden(
        "The trail of an organization is for its OWNER, ADMIN and AUDITOR.")
}

extension Caller {
    /// Whether a claim, if there is one, is of this organization.
    fileprivate func isConfined(to organization: UUID?) -> Bool {
        claimedOrganization.map { $0 == organization } ?? true
    }
}
