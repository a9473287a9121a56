import Directory
import DirectoryEvents
import OrganizationKeysProjection
import OrganizationsProjection

/// What an organization's key makes of its token's rights, as SQL: what `Authority` and `Roles.limited(to:)` say of a view.
extension ReadSQL {
    /// The roles that the key's limit leaves of a query of roles `role`, as `text[]`.
    func limited(_ roles: String) -> String {
        """
        array(select l.left_over from (\(roles)) r (role) join (values \(ReadSQL.limits)) l (role, limited_to, left_over) \
        on l.role = r.role and l.limited_to = \(limit))
        """
    }

    /// Whether the token counts: its key exists, in an active organization in which the account (an alias of its row) has a
    /// role. Asked by the very statement that reads by its rights, so that a key that is deleted is refused at once, everywhere.
    func keyCounts(for account: String) -> String {
        """
        exists (select from \(OrganizationKeys.schemaName).current k where k.id = \(key) and k.organization = \(claim)) \
        and exists (select from \(Organizations.schemaName).current o where o.id = \(claim) \
        and o.status = \(ReadSQL.active)) and \(gives(.read, roles: roles(in: claim, of: account)))
        """
    }

    /// For each role and limit, the role that is left.
    private static let limits = Role.allCases.flatMap { role in
        Role.limits.flatMap { limit in
            Roles(role).limited(to: limit).words.map { "('\(role.rawValue)', '\(limit.rawValue)', '\($0)')" }
        }
    }.joined(separator: ", ")
}
