extension Refusal {
    /// No organization is current, and the operation needs one.
    public static let noOrganization = Refusal(
        .invalid, "No organization is current. Name one in the header X-Organization, or in the token's claim org.")
}
