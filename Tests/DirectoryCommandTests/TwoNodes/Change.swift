/// A mutation that a client asks for.
struct Change: Sendable {
    /// What it is about: each must succeed at least once, or the test would prove little.
    enum Kind: CaseIterable {
        case account, organization, alias, employee, ownEmployee, link, line, nesting, membership, accountMembership,
            grant
        case revocation, key, keyDeletion, app, ownApp, mapping, mappingRemoval, preferences, accountPreferences, group
        case ownGroup, deactivation, activation, suspension, revival
        case ownProfile, profile, accountChange, lines, lineEnd, membershipEnd, erasure
    }

    let kind: Kind
    let method, path: String
    var organization: String?
    var body: String?
    /// Whether nobody else changes what it changes, so that a second attempt finds what the first one left.
    var isOwn = false

    /// Whether all attempts together append at most once: by the Idempotency-Key, or since nobody else changes it.
    var isMadeOnce: Bool { method == "POST" || isOwn }
    /// Whether a refusal says that no attempt was made: a DELETE that is repeated finds nothing any longer, and a repeat is checked
    /// as a fresh request, for which the account may have lost its last role in the organization.
    var isRefusedForGood: Bool { isMadeOnce && method != "DELETE" && kind != .accountMembership }
}
