extension Operation {
    /// An operation that reads one entity.
    static func get(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        shows: Shown, _ read: @escaping @Sendable (APIRequest) async throws -> APIResponse
    ) -> Operation {
        Operation(
            method: .get, path: path, name: name, summary: summary, resource: resource, number: number, access: access,
            response: .one(shows.schema), handle: read)
    }

    /// An operation that reads the entity whose id is at a parameter of the path.
    static func get(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        shows: Shown, of parameter: String
    ) -> Operation {
        .get(path, name, number, resource, summary, access: access, shows: shows) {
            try await shows.read($0, $0.uuid(parameter), .now)
        }
    }

    /// An operation that reads a list, whole or page by page.
    /// - Parameter schema: the name of the schema of the elements.
    static func list(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        query: [QueryParameter] = [], of schema: String,
        _ read: @escaping @Sendable (APIRequest) async throws -> APIResponse
    ) -> Operation {
        Operation(
            method: .get, path: path, name: name, summary: summary, resource: resource, number: number, access: access,
            query: query + QueryParameter.paging, response: .list(schema), handle: read)
    }
}
