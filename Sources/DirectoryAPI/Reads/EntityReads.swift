import Directory
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials
import Postgres

/// How one entity of an organization is read, whatever its kind.
enum EntityReads {
    typealias Statement<Argument: Sendable> = ReadStatement<Argument, ReadRow<EntityVersion?>>

    /// By its id.
    static func byID<P: OrganizationEntityProjection>(_ entities: P.Type) -> Statement<UUID> {
        one(entities) { "e.id = \($0.uuid { $0.argument })" }
    }

    /// By a condition that one `e` meets at most. The caller's roles are those in its organization.
    static func one<P: OrganizationEntityProjection, Argument>(
        _: P.Type, where condition: @escaping (ReadParameters<Argument>) -> String
    ) -> Statement<Argument> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(
                facts: try CallerFacts(&columns, sql, in: "e.\(P.organizationColumn)", caller),
                value: try columns.ifPresent("e.id is not null") { try EntityVersion(&$0, sql, of: P.self) })
        } _: { sql, parameters, columns in
            "select \(columns) from \(sql.account) left join \(sql.rows(P.self)) e on \(condition(parameters))"
        }
    }

    /// By a condition that one `e` of the current organization meets at most.
    static func ofCurrentOrganization<P: OrganizationEntityProjection, Argument>(
        _: P.Type, where condition: @escaping (ReadParameters<Argument>) -> String
    ) -> Statement<Argument> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(
                facts: try CallerFacts(context: &columns, sql, caller),
                value: try columns.ifPresent("e.id is not null") { try EntityVersion(&$0, sql, of: P.self) })
        } _: { sql, parameters, columns in
            """
            with \(sql.context("coalesce(\(parameters.stated()), \(sql.onlyOrganization))"))
            select \(columns) from ctx left join \(sql.rows(P.self)) e
            on \(condition(parameters)) and e.\(P.organizationColumn) = ctx.organization
            """
        }
    }
}

/// The columns of an entity `e` of an organization.
struct EntityColumns: Sendable {
    /// The account of the person that it is.
    private let account: UUID?
    /// Its finished JSON, as all who read the directory see it.
    let json: [UInt8]
    /// Its finished JSON with hidden fields, where it has any.
    private let full: [UInt8]?
    private let sections: Sections

    /// - Parameter roles: the caller's roles in its organization, as SQL, where it is of nobody who is shown more.
    init<P: OrganizationEntityProjection>(
        _ columns: inout Columns, _ sql: ReadSQL, of _: P.Type, if isShown: String? = nil
    ) throws {
        sections = try Sections(Section.of(P.kind), &columns, sql, "e", if: isShown)
        account = P.kind.hidesFields ? try columns.uuidIfPresent("e.account") : nil
        json = try columns.bytes("e.json")
        full = P.kind.hidesFields ? try columns.bytesIfPresent("e.full_json") : nil
    }

    /// As a caller with certain roles in its organization sees it.
    func rendered(for caller: UUID, with roles: Roles) -> [UInt8] {
        let hidden = showsHidden(to: caller, with: roles)
        return Rendering.entity(hidden ? full ?? json : json, sections, hidden: hidden)
    }

    /// Its profile, as a caller with certain roles in its organization sees it.
    func profile(for caller: UUID, with roles: Roles) -> [UInt8] {
        Rendering.profile(showsHidden(to: caller, with: roles) ? full ?? json : json)
    }

    fileprivate func showsHidden(to caller: UUID, with roles: Roles) -> Bool {
        Sight.showsHidden(ofEntityOf: account, to: caller) { $0.isGiven(by: roles) }
    }
}

/// An entity `e` of an organization with what its tag is made of, which lists do without.
struct EntityVersion: Sendable {
    let columns: EntityColumns
    /// The position of the event that made it so.
    let since: Position

    init<P: OrganizationEntityProjection>(_ columns: inout Columns, _ sql: ReadSQL, of _: P.Type) throws {
        self.columns = try EntityColumns(&columns, sql, of: P.self)
        since = try columns.int(P.kind.canBeErased ? sql.since("e") : "e.since")
    }
}

/// An entity of an organization as it was read for a caller who may see it.
struct EntityRead: Sendable {
    private let facts: CallerFacts
    let version: EntityVersion

    /// - Throws: not found, where there is none that the caller finds.
    init(_ found: ReadRow<EntityVersion?>, of kind: EntityKind, at moment: Moment) throws {
        // Who made an organization for another owner was shown it once, and a repeat shows it as well.
        let isShownAgain = !moment.dependsOnRights && kind == .organization
        guard let version = found.value, found.facts.finds || isShownAgain else { throw Refusal.notFound(kind.word) }
        (facts, self.version) = (found.facts, version)
    }

    /// The whole entity.
    var entity: APIResponse { reply(version.columns.rendered(for: facts.account, with: facts.roles)) }

    /// Its profile.
    var profile: APIResponse { reply(version.columns.profile(for: facts.account, with: facts.roles)) }

    /// A part of it.
    func reply(_ json: [UInt8]) -> APIResponse {
        let hidden = version.columns.showsHidden(to: facts.account, with: facts.roles)
        return APIResponse(.json(json), tag: EntityTag(version.since, showsHidden: hidden), for: facts)
    }
}

extension APIRequest {
    /// Reads an entity of an organization by a statement that finds it wherever it is.
    func entity<Argument>(
        _ kind: EntityKind, _ statement: EntityReads.Statement<Argument>, _ argument: Argument, at moment: Moment
    ) async throws -> EntityRead {
        try EntityRead(try await statement.one(service.reads, caller, moment, argument), of: kind, at: moment)
    }

    /// Reads an entity of the current organization.
    func currentEntity<Argument>(
        _ kind: EntityKind, _ statement: EntityReads.Statement<Argument>, _ argument: Argument, at moment: Moment
    ) async throws -> EntityRead {
        let found = try await statement.one(service.reads, caller, moment, argument)
        try found.facts.checkCurrentOrganization()
        return try EntityRead(found, of: kind, at: moment)
    }
}
