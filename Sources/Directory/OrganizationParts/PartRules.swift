import AppsProjection
import DirectoryRows
import OrganizationKeysProjection
import WebhooksProjection

/// What is said of all parts of organizations of one kind: who sees them, how many there may be, and what one is called.
public protocol PartRules: OrganizationPartProjection {
    /// What one is called in refusals, and the parameter of a path that has its id: `app`.
    static var word: String { get }
    /// Who is shown them; others must not learn which exist. Whoever may change the organization adds and changes them.
    static var seenBy: Permission { get }
    /// Whether one has its organization's tag, which its creation and its deletion move; otherwise it has one of its own.
    static var hasTagOfOrganization: Bool { get }
    /// How many an organization has at most.
    static var most: Int { get }
    static var refusals: PartRefusals { get }
}

extension PartRules {
    public static var hasTagOfOrganization: Bool { false }
}

/// What is said to those who may not see, add or change them, and where an organization has as many as it may have.
public struct PartRefusals: Sendable {
    public let seeing: String
    let adding, changing, full: String
}

extension Apps: PartRules {
    public static let word = "app"
    public static let seenBy = Permission.readHidden
    public static let most = FreeForm.most
    public static let refusals = PartRefusals(
        seeing: "Only OWNER, ADMIN and AUDITOR of an organization see its apps.",
        adding: "Only OWNER and ADMIN add apps.", changing: "Only OWNER and ADMIN change apps.",
        full: "The organization has \(most) apps, INACTIVE ones counted, and no room for more.")
}

extension OrganizationKeys: PartRules {
    public static let word = "key"
    public static let seenBy = Permission.readHidden
    public static let hasTagOfOrganization = true
    public static let most = 100
    public static let refusals = PartRefusals(
        seeing: "Only OWNER, ADMIN and AUDITOR of an organization see its keys.",
        adding: "Only OWNER and ADMIN make an organization's keys.",
        changing: "Only OWNER and ADMIN delete an organization's keys.",
        full: "An organization has at most \(most) keys. Delete one that is not needed.")
}

extension Webhooks: PartRules {
    public static let word = "webhook"
    public static let seenBy = Permission.change
    public static let most = 100
    public static let refusals = PartRefusals(
        seeing: "Only OWNER and ADMIN see and change webhooks.", adding: "Only OWNER and ADMIN create webhooks.",
        changing: "Only OWNER and ADMIN see and change webhooks.",
        full: "An organization has at most \(most) webhooks. Delete one that is not needed.")
}
