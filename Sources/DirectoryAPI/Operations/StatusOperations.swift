import Directory

extension Operations {
    /// Deactivates and activates what another operation shows at a path.
    /// - Parameters:
    ///   - consequence: what deactivating it means, for the summary.
    ///   - rules: the rules for the one that a request names.
    static func status<Rules: StatusRules>(
        at path: String, _ resource: Resource, _ consequence: String, access: Access, shows: Presentation,
        _ rules: @escaping @Sendable (APIRequest) -> Rules
    ) -> [Operation] {
        let word = shows.schema.lowercased()
        return [
            .mutation(
                .delete, PathPattern(path), "deactivate\(shows.schema)", nil, resource,
                "Deactivate \(word): \(consequence)", access: access, shows: shows
            ) { SetStatus(.inactive, of: rules($0)) },
            .mutation(
                .post, PathPattern("\(path)/activate"), "activate\(shows.schema)", nil, resource, "Activate \(word)",
                access: access, shows: shows
            ) { SetStatus(.active, of: rules($0)) },
        ]
    }
}
