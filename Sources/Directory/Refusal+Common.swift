extension Refusal {
    /// `If-Match` or `If-None-Match` asks for another state.
    public static let changed = Refusal(
        .preconditionFailed,
        "The entity is in another state than If-Match or If-None-Match asks for: read it again, and use the ETag it has now."
    )

    /// The caller has more grants than are looked through where it names no organization.
    static let tooManyGrants = Refusal(
        .invalid,
        "The account has more than 1,000 grants or employees. Name an organization in the header X-Organization.")

    /// No organization is current, and the operation needs one.
    public static let noOrganization = Refusal(
        .invalid, "No organization is current. Name one in the header X-Organization, or in the token's claim org.")
}
