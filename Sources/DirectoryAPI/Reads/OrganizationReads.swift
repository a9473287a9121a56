import Directory
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection
import Postgres

/// The statements that read organizations.
enum OrganizationReads {
    private static func one(_ condition: String, _ parameter: ElementType) -> ReadStatement {
        ReadStatement(point: [parameter]) { variant in
            """
            select \(variant.facts("e.id")), e.id, e.json, e.since
            from \(variant.caller) left join \(variant.rows(Organizations.self)) e on \(condition)
            """
        }
    }

    /// By id `$3`.
    static let byID = one("e.id = $3", .uuid)

    /// By alias `$3`.
    static let byAlias = one("e.alias = $3", .text)

    /// The current one.
    static let current = ReadStatement(point: [.uuid]) { variant in
        """
        with \(variant.context)
        select \(variant.contextColumns), e.json, e.since
        from ctx left join \(variant.rows(Organizations.self)) e on e.id = ctx.organization
        """
    }

    /// All that the caller sees: `$3` the stated organization, `$4` the key behind which to go on, `$5` how many to read,
    /// `$6` the token's claim.
    static let all = ReadStatement { variant in
        let element = "e.json, \(variant.roles(in: "e.id", of: "ctx")) as element_roles"
        return """
            with \(variant.context("$3::uuid", ", ($6::uuid is null and \(variant.isSystemAdmin)) as sees_all, "
                + "\(variant.isSystemAdmin) as is_admin")),
            ids as (
                select m.id from ctx, lateral (
                    select g.organization as id from \(Grants.schemaName).current g
                    where g.account = ctx.id and \(variant.gives(.read, "g.role"))
                    union select x.organization from \(Employees.schemaName).current x
                    where x.account = ctx.id and x.status = 'ACTIVE'
                    union select $6::uuid where ctx.is_admin
                ) m where $6::uuid is null or m.id = $6
            )
            select \(variant.contextColumns), p.* from ctx left join lateral (
                select * from (
                    (select \(variant.key).created, \(element) from \(variant.entities(Organizations.self))
                    where ctx.sees_all and \(variant.key).created > $4 order by \(variant.key).created limit $5)
                    union all
                    (select e.created, \(element) from ids i join \(variant.rows(Organizations.self)) e on e.id = i.id
                    where not ctx.sees_all and e.created > $4 order by e.created limit $5)
                ) u order by u.created limit $5
            ) p on true
            """
    }
}

/// An organization as it was read.
struct OrganizationRead: Sendable {
    private let facts: CallerFacts
    private let json: [UInt8]
    private let since: Position

    /// Reads facts, id and the organization's columns.
    /// - Parameter isRepeat: the first answer showed it to the caller, who need not see it otherwise.
    /// - Throws: not found, where there is none that the caller may see.
    init(_ row: Row, _ caller: Caller, isRepeat: Bool = false) throws {
        facts = try CallerFacts(row, caller)
        let id = try row.uuidIfPresent(5)
        guard !row.isNull(6), isRepeat || (facts.has(.read) && caller.finds(id)) else {
            throw Refusal.notFound("organization")
        }
        json = try row.bytes(6)
        since = try row.int(7)
    }

    /// The whole organization, as the caller may see it.
    var entity: Reply { reply(Rendering.organization(json, hidden: facts.has(.readHidden))) }

    /// Its profile.
    var profile: Reply { reply(Rendering.profile(json)) }

    private func reply(_ json: [UInt8]) -> Reply {
        Reply(body: .json(json), tag: EntityTag(since), position: facts.position)
    }
}

extension APIRequest {
    /// Reads an organization, of the present or, for a repeat, of the position of its first answer.
    func organization(_ id: UUID, at position: Position? = nil) async throws -> OrganizationRead {
        let rows = try await OrganizationReads.byID.run(service.reads, caller, at: position, [.uuid(id)])
        return try OrganizationRead(rows[0], caller, isRepeat: position != nil)
    }

    /// Reads the organization with an alias.
    func organization(alias: String) async throws -> OrganizationRead {
        let rows = try await OrganizationReads.byAlias.run(service.reads, caller, at: nil, [.text(alias)])
        return try OrganizationRead(rows[0], caller)
    }

    /// Reads the current organization.
    func currentOrganization() async throws -> OrganizationRead {
        let rows = try await OrganizationReads.current.run(
            service.reads, caller, at: nil, [.uuid(caller.statedOrganization)])
        _ = try currentOrganization(rows[0])
        return try OrganizationRead(rows[0], caller)
    }

    /// Lists the organizations that the caller sees. A header does not narrow the list, a claim does.
    func organizations() async throws -> Reply {
        try await list { [self] cursor, limit in
            let rows = try await OrganizationReads.all.run(
                service.reads, caller, at: cursor?.position,
                [
                    .uuid(caller.statedOrganization), .int8(cursor?.key ?? 0), .int8(Int64(limit + 1)),
                    .uuid(caller.claimedOrganization),
                ])
            let facts = try statedOrganization(rows[0])
            let page = try page(rows, limit: limit, position: facts.position) { row in
                let roles = Roles(rawValue: try row.int(8))
                return Rendering.organization(try row.bytes(7), hidden: Permission.readHidden.isGiven(by: roles))
            }
            return (page, facts.position)
        }
    }

    /// The caller's facts, of a row that begins with `ReadVariant.contextColumns` and needs no organization.
    /// - Throws: 401; not found where an organization is stated that the caller does not see.
    func statedOrganization(_ row: Row) throws -> CallerFacts {
        let facts = try CallerFacts(row, caller)
        guard caller.statedOrganization == nil || facts.has(.read) else { throw Refusal.notFound("organization") }
        return facts
    }
}
