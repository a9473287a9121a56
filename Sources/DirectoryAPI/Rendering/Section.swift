import Directory
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// A list that an entity shows and whose elements are rows of their own: spliced into the entity's JSON, after what all see.
struct Section: Sendable {
    /// Its name in the entity's JSON.
    let name: String
    /// Its elements, joined by commas, as SQL: of the entity with an alias, as the caller in the table `ctx` sees them.
    let elements: @Sendable (ReadSQL, _ entity: String) -> String
    /// Its elements in a view, as a caller sees them: the same, in the same order.
    let rendered: @Sendable (View, Authority, UUID) throws -> [UInt8]
}

extension Section {
    /// The grants of an account that the caller sees.
    static let grants = Section(name: "grants") { sql, account in
        """
        coalesce((select string_agg(g.json::text, ',' order by g.created) from \(sql.rows(Grants.self)) g \
        where g.account = \(account).id and \(sql.sees(grant: "g"))), '')
        """
    } rendered: { view, caller, account in
        let grants = try view.rows(Grants.byAccount, [.uuid(account)]).sorted { $0.created < $1.created }
        return Array(try grants.filter(caller.sees).map(\.json).joined(separator: [UInt8(ascii: ",")]))
    }
}
