import CanonicalJSON
import Directory
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres

/// The statements that read one employee.
enum EmployeeReads {
    private static let columns = "e.organization, e.id, coalesce(e.account = c.id, false), e.json, e.full_json, e.since"

    /// By id `$3`.
    static let byID = ReadStatement(point: [.uuid]) { variant in
        """
        select \(variant.facts("e.organization")), \(columns)
        from \(variant.caller) left join \(variant.rows(Employees.self)) e on e.id = $3
        """
    }

    /// The active one of an account, which is `$4`, in the current organization.
    static let byAccount = ReadStatement(point: [.uuid, .uuid]) { variant in
        """
        with \(variant.context)
        select \(variant.contextColumns), e.id, coalesce(e.account = ctx.id, false), e.json, e.full_json, e.since
        from ctx left join \(variant.rows(Employees.self)) e
        on e.account = $4 and e.organization = ctx.organization and e.status = 'ACTIVE'
        """
    }

    /// The active one of the caller in the current organization.
    static let own = ReadStatement(point: [.uuid]) { variant in
        """
        with \(variant.context)
        select \(variant.contextColumns), e.id, coalesce(e.account = ctx.id, false), e.json, e.full_json, e.since
        from ctx left join \(variant.rows(Employees.self)) e
        on e.account = ctx.id and e.organization = ctx.organization and e.status = 'ACTIVE'
        """
    }
}

/// An employee as it was read.
struct EmployeeRead: Sendable {
    let facts: CallerFacts
    let seesHidden: Bool
    let json: [UInt8]
    let full: [UInt8]?
    let since: Position

    /// Reads facts, organization and the employee's columns.
    /// - Throws: not found, where there is none that the caller may see.
    init(_ row: Row, _ caller: Caller) throws {
        facts = try CallerFacts(row, caller)
        let organization = try row.uuidIfPresent(5)
        guard !row.isNull(6), facts.has(.read), caller.finds(organization) else { throw Refusal.notFound("employee") }
        seesHidden = try facts.has(.readHidden) || row.bool(7)
        json = try row.bytes(8)
        full = try row.bytesIfPresent(9)
        since = try row.int(10)
    }

    /// The whole employee, as the caller may see it.
    var entity: Reply { reply(Rendering.employee(json, full: full, hidden: seesHidden)) }

    /// Its profile.
    var profile: Reply { reply(Rendering.profile(seesHidden ? full ?? json : json)) }

    /// Its reporting lines.
    func managers() throws -> Reply {
        let parsed = try JSON(parsing: json, limits: .trusted)
        let lines = parsed["managers"]?.array ?? []
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginArray()
        for line in lines { writer.objectAsItStands(line.members ?? []) }
        writer.endArray()
        return reply(writer.bytes)
    }

    private func reply(_ json: [UInt8]) -> Reply {
        Reply(body: .json(json), tag: EntityTag(since), position: facts.position)
    }
}

extension APIRequest {
    /// Reads an employee, of the present or a position.
    func employee(_ id: UUID, at position: Position? = nil) async throws -> EmployeeRead {
        let rows = try await EmployeeReads.byID.run(service.reads, caller, at: position, [.uuid(id)])
        return try EmployeeRead(rows[0], caller)
    }

    /// Reads the one employee that a statement finds in the current organization.
    func employee(_ statement: ReadStatement, _ parameters: [Parameter] = []) async throws -> EmployeeRead {
        let stated = Parameter.uuid(caller.statedOrganization)
        let rows = try await statement.run(service.reads, caller, at: nil, [stated] + parameters)
        _ = try currentOrganization(rows[0])
        return try EmployeeRead(rows[0], caller)
    }

    /// The current organization, of a row that begins with `ReadVariant.contextColumns`.
    /// - Throws: 401; 400 where none is current; not found where the caller does not see it.
    func currentOrganization(_ row: Row) throws -> CallerFacts {
        let facts = try CallerFacts(row, caller)
        guard !row.isNull(5) else { throw Refusal.noOrganization }
        guard facts.has(.read) else { throw Refusal.notFound("organization") }
        return facts
    }
}
