import Directory
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials
import AppsProjection
import GrantsProjection
import OrganizationKeysProjection
import MappingsProjection
import OrganizationsProjection
import Postgres
import PreferencesProjection

/// A list that an entity shows and whose elements are rows of their own: spliced into the entity's JSON, after what all see.
struct Section: Sendable {
    /// Who is shown a section of an entity that they see.
    enum Audience: Sendable {
        case everyone
        /// Those who are shown hidden fields.
        case privileged
        /// The account itself and SYSTEM_ADMIN.
        case itself
    }

    /// How the elements are found.
    struct Rows: Sendable {
        /// As SQL: joined by commas, of the entity with an alias, as the caller in the table `ctx` sees them.
        let sql: @Sendable (ReadSQL, _ entity: String) -> String
        /// As SQL: whether there are any.
        let areAny: @Sendable (ReadSQL, _ entity: String) -> String
        /// In a view, as a caller sees them: the same, in the same order; `nil` where they are too many for that.
        let rendered: @Sendable (View, Authority, UUID) throws -> [UInt8]?
    }

    /// Its name in the entity's JSON.
    let name: String
    let audience: Audience
    /// Whether few entities have any elements, so that a list had better look for some before it gathers them.
    fileprivate let isRare: Bool
    let rows: Rows
    /// What it begins with in the entity's JSON.
    fileprivate let opening: [UInt8]

    init(name: String, audience: Audience, isRare: Bool = false, rows: Rows) {
        (self.name, self.audience, self.isRare, self.rows) = (name, audience, isRare, rows)
        opening = Array(#","\#(name)":["#.utf8)
    }
}

extension Section {
    /// The sections of the entities of a kind, in the order in which they are shown.
    static func of(_ kind: EntityKind) -> [Section] {
        switch kind {
        case .organization: ofOrganization
        case .account: ofAccount
        case .employee, .group: ofMember
        }
    }

    private static let ofOrganization = [
        Section(name: "apps", audience: .privileged, rows: .parts(Apps.self)),
        Section(name: "keys", audience: .privileged, rows: .parts(OrganizationKeys.self)),
        Section(name: "preferences", audience: .privileged, rows: .preferences),
        Section(name: "mappings", audience: .privileged, rows: .mappings),
    ]

    private static let ofMember = [
        Section(name: "mappings", audience: .privileged, isRare: true, rows: .mappings),
        Section(name: "preferences", audience: .privileged, isRare: true, rows: .preferences),
    ]

    private static let ofAccount = [
        Section(name: "mappings", audience: .everyone, isRare: true, rows: .mappingsOfAccount),
        Section(name: "preferences", audience: .itself, isRare: true, rows: .preferences),
        Section(name: "grants", audience: .everyone, rows: .grants),
    ]
}

extension Section {
    /// The column with its elements, as SQL: empty where they are not shown.
    fileprivate func column(_ sql: ReadSQL, _ entity: String, if isShown: String?) -> String {
        var conditions: [String] = []
        if let isShown, audience != .everyone { conditions.append(isShown) }
        if isRare, sql.isRepeated { conditions.append(rows.areAny(sql, entity)) }
        let elements = rows.sql(sql, entity)
        if conditions.isEmpty { return elements }
        return "case when \(conditions.joined(separator: " and ")) then \(elements) else '' end"
    }
}

extension Section.Rows {
    /// The grants of an account that the caller sees.
    fileprivate static let grants = Section.Rows(Grants.self) { sql, account in
        "p.account = \(account).id and \(sql.sees(grant: "p"))"
    } rendered: { view, caller, account in
        guard let grants = try view.rows(Grants.byAccountAnywhere, [.uuid(account)]) else { return nil }
        let sorted = grants.sorted { $0.created < $1.created }
        let seen = zip(sorted, try Missing.gathering(sorted, caller.sees)).filter(\.1).map(\.0)
        return seen.map(\.json).elements
    }

    /// The parts of an organization of one kind.
    fileprivate static func parts<Parts: OrganizationPartProjection>(_: Parts.Type) -> Section.Rows {
        Section.Rows(Parts.self) { _, organization in
            "p.organization = \(organization).id"
        } rendered: { view, _, organization in
            try view.rows(Parts.byOrganization, [.uuid(organization)])
                .sorted { $0.createdPosition < $1.createdPosition }.map(\.json).elements
        }
    }

    /// The preferences of an entity.
    fileprivate static let preferences = Section.Rows(Preferences.self) { _, entity in
        "p.entity = \(entity).id"
    } rendered: { view, _, entity in
        try view.rows(Preferences.byEntity, [.uuid(entity)]).sorted { $0.created < $1.created }.map(\.json).elements
    }

    /// The mappings of an entity of an organization.
    fileprivate static let mappings = Section.Rows(Mappings.self) { _, entity in
        "p.entity = \(entity).id"
    } rendered: { view, _, entity in
        try view.rows(Mappings.byEntityAnywhere, [.uuid(entity)])?.sorted { $0.created < $1.created }.map(\.json)
            .elements
    }

    /// The mappings of an account that the caller sees: its own, and those to apps of organizations whose accounts it may see.
    fileprivate static let mappingsOfAccount = Section.Rows(Mappings.self) { sql, account in
        "p.entity = \(account).id and \(sql.sees(ofAccount: "p.entity", at: "p.organization"))"
    } rendered: { view, caller, account in
        guard let mappings = try view.rows(Mappings.byEntityAnywhere, [.uuid(account)]) else { return nil }
        let sorted = mappings.sorted { $0.created < $1.created }
        let isSeen = try Missing.gathering(sorted) { try caller.sees(ofAccount: account, at: $0.organization) }
        return zip(sorted, isSeen).filter(\.1).map(\.0.json).elements
    }

    /// The elements `p` of a projection that meet a condition, in the order in which they were made.
    private init<P: Projection>(
        _: P.Type, where condition: @escaping @Sendable (ReadSQL, _ entity: String) -> String,
        rendered: @escaping @Sendable (View, Authority, UUID) throws -> [UInt8]?
    ) {
        self.init(
            sql: { sql, entity in
                let elements = sql.union(P.self, as: "p") {
                    "select p.json, p.created from \($0) p where \(condition(sql, entity)) and \($1)"
                }
                // Sorted before they are joined: an aggregate that sorts takes longer to set up for each entity.
                return """
                    coalesce((select string_agg(p.json::text, ',') from (\(elements) order by created) p), '')
                    """
            }, areAny: { "exists (\($0.probe(P.self, as: "p", where: condition($0, $1))))" }, rendered: rendered)
    }
}

extension [[UInt8]] {
    /// All of them, joined by commas.
    var elements: [UInt8] { [UInt8](joined(separator: [UInt8(ascii: ",")])) }
}

/// The sections of one entity, with their elements as a caller sees them.
struct Sections: Sendable {
    private let declared: [Section]
    /// Of each, joined by commas.
    private let elements: [[UInt8]]

    /// Reads the columns of an entity with an alias.
    /// - Parameter isShown: whether the caller is shown what not everyone is, as SQL, where the statement can tell: then what is
    ///   not shown is not looked for.
    init(
        _ declared: [Section], _ columns: inout Columns, _ sql: ReadSQL, _ entity: String, if isShown: String? = nil
    ) throws {
        self.declared = declared
        elements = try declared.map { try columns.bytes($0.column(sql, entity, if: isShown)) }
    }

    /// Renders those of an entity in a view; `nil` where their elements are too many for that.
    init?(_ declared: [Section], _ view: View, _ caller: Authority, _ entity: some Entity) throws {
        self.declared = declared
        var elements: [[UInt8]] = []
        for section in declared {
            // The rows of what has only now been erased are still in the view, and gone with the commit.
            guard !entity.isErased else {
                elements.append([])
                continue
            }
            guard let rendered = try section.rows.rendered(view, caller, entity.id) else { return nil }
            elements.append(rendered)
        }
        self.elements = elements
    }

    /// The JSON of the entity with the sections that everyone is shown, and those of another audience if it is shown them.
    func spliced(into json: [UInt8], isShown: Bool, to audience: Section.Audience) -> [UInt8] {
        var spliced: [UInt8] = []
        spliced.reserveCapacity(json.count + 128)
        spliced += json[..<max(0, json.count - 1)]
        for (section, elements) in zip(declared, elements)
        where section.audience == .everyone || (isShown && section.audience == audience) {
            spliced += section.opening
            spliced += elements
            spliced.append(UInt8(ascii: "]"))
        }
        spliced.append(UInt8(ascii: "}"))
        return spliced
    }
}
