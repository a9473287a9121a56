import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// How parts of organizations are read, whatever their kind.
enum PartReads {
    typealias Statement<Parts: PartRules> = ReadStatement<PartAddress<Parts>, ReadRow<PartColumns?>>

    /// By the id that one has in its organization. Where the address names no organization, it is the part's own.
    static func byID<Parts>(_: Parts.Type) -> Statement<Parts> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(
                facts: try CallerFacts(&columns, sql, in: "o.id", caller),
                value: try columns.ifPresent("coalesce(p.organization = o.id, false)") { try PartColumns(&$0) })
        } _: { sql, parameters, columns in
            """
            select \(columns) from \(sql.account)
            left join \(sql.rows(Parts.self)) p on p.id = \(parameters.uuid { $0.argument.id })
            left join \(sql.rows(Organizations.self)) o
            on o.id = coalesce(\(parameters.uuid { $0.argument.organization }), p.organization)
            """
        }
    }

    /// All of an organization.
    static func list<Parts: PartRules>(_: Parts.Type) -> ReadStatement<PageOf<Void>, Keyed<PartColumns>> {
        ReadStatement { columns, _, _ in
            Keyed(key: try columns.int("k.created"), row: try PartColumns(&columns))
        } _: { sql, parameters, columns in
            PageSQL(Parts.self, sql, columns, as: "p", in: parameters.organization()).along(parameters)
        }
    }
}

/// The columns of a part `p` of an organization.
struct PartColumns: Sendable {
    let json: [UInt8]
    let since: Position

    init(_ columns: inout Columns) throws {
        json = try columns.bytes("p.json")
        since = try columns.int("p.since")
    }
}

extension APIRequest {
    /// The part of an organization that the path names.
    func part<Parts>() -> PartAddress<Parts> { part(uuid(Parts.word)) }

    /// The part with an id, in the organization that the path names or, where it names none, in the current one.
    func part<Parts>(_ id: UUID) -> PartAddress<Parts> {
        PartAddress(operation.path.parameters.contains("organization") ? uuid("organization") : nil, id)
    }

    /// Reads a part of an organization whose parts of the kind the caller sees.
    func found<Parts>(
        _ byID: PartReads.Statement<Parts>, _ address: PartAddress<Parts>, at moment: Moment
    ) async throws -> (facts: CallerFacts, part: PartColumns) {
        let found = try await byID.one(service.reads, caller, moment, address)
        guard found.facts.finds else { throw Refusal.notFound("organization") }
        guard found.facts.has(Parts.seenBy) else { throw Refusal.forbidden(Parts.refusals.seeing) }
        guard let part = found.value else { throw Refusal.notFound(Parts.word) }
        return (found.facts, part)
    }

    /// Answers with the parts of the organization that the path names.
    /// - Parameter moment: where it is not that of `asOf`.
    func list<Parts: PartRules>(
        of _: Parts.Type, _ page: ReadStatement<PageOf<Void>, Keyed<PartColumns>>, at moment: Moment? = nil
    ) async throws -> APIResponse {
        let organization = uuid("organization")
        return try await list(
            from: { request, moment in
                let scope = try await request.organization(organization, at: moment)
                guard scope.facts.has(Parts.seenBy) else { throw Refusal.forbidden(Parts.refusals.seeing) }
                return scope
            }, at: moment
        ) { _ in .along(page, ()) { part, _ in part.json } }
    }

    /// The path of what is created in the collection that the path names.
    func location(of id: UUID) -> String {
        let path = operation.path.segments.map { segment in
            switch segment {
            case .name(let name): name
            case .parameter(let parameter): uuid(parameter).text
            }
        }
        return "/\((path + [id.text]).joined(separator: "/"))"
    }
}

extension Presentation {
    /// A part of an organization.
    static func part<Parts>(_ schema: String, _ byID: PartReads.Statement<Parts>) -> Presentation {
        Presentation(
            schema: schema,
            render: { view, _, id in
                guard let part = try view.version(Parts.self, id) else { throw Refusal.notFound(Parts.word) }
                return Representation(json: part.row.json, tag: tag(of: Parts.self, since: part.since))
            },
            read: { request, id, moment in
                let (facts, part) = try await request.found(byID, request.part(id), at: moment)
                return APIResponse(.json(part.json), tag: tag(of: Parts.self, since: part.since), for: facts)
            })
    }

    /// Whoever sees the parts of an organization in it is shown its hidden fields.
    private static func tag<Parts: PartRules>(of _: Parts.Type, since: Position) -> EntityTag {
        EntityTag(since, showsHidden: Parts.hasTagOfOrganization)
    }
}
