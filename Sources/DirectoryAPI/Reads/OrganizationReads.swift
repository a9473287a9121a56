import FoundationEssentials
import OrganizationsProjection

/// The statements that read one organization.
enum OrganizationReads {
    static let byID = EntityReads.byID(Organizations.self)

    static let byAlias = EntityReads.one(Organizations.self) { (p: ReadParameters<String>) in
        "e.alias = \(p.text { $0.argument })"
    }

    /// The current one.
    static let current = EntityReads.ofCurrentOrganization(Organizations.self) { (_: ReadParameters<Void>) in "true" }
}
