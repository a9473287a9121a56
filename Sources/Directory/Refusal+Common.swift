extension Refusal {
    /// `If-Match` or `If-None-Match` asks for another state.
    public static let changed = Refusal(
        .preconditionFailed, "The entity has changed: read it again, and repeat with its new ETag.")

    /// No organization is current, and the operation needs one.
    public static let noOrganization = Refusal(
        .invalid, "No organization is current. Name one in the header X-Organization, or in the token's claim org.")
}
