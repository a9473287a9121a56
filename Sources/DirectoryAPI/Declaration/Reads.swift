extension Operation {
    /// An operation that reads one entity, at the moment that the request asks for.
    static func get(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        shows: Presentation, _ read: @escaping @Sendable (APIRequest, Moment) async throws -> APIResponse
    ) -> Operation {
        .get(path, name, number, resource, summary, access: access, gives: .one(shows.schema), read)
    }

    /// An operation that reads something else than an entity or a list, at the moment that the request asks for.
    static func get(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        gives response: ResponseShape, _ read: @escaping @Sendable (APIRequest, Moment) async throws -> APIResponse
    ) -> Operation {
        Operation(
            method: .get, path: path, name: name, summary: summary, resource: resource, number: number, access: access,
            query: QueryParameter.moment, response: response
        ) { request in try await request.atStatedMoment { try await read(request, $0) } }
    }

    /// An operation that reads the entity whose id is at a parameter of the path.
    static func get(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        shows: Presentation, of parameter: String
    ) -> Operation {
        .get(path, name, number, resource, summary, access: access, shows: shows) {
            try await shows.read($0, $0.uuid(parameter), $1)
        }
    }

    /// An operation that reads a list, whole or page by page, at the moment that the request asks for.
    /// - Parameter schema: the name of the schema of the elements.
    static func list(
        _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String, access: Access,
        query: [QueryParameter] = [], of schema: String,
        _ read: @escaping @Sendable (APIRequest) async throws -> APIResponse
    ) -> Operation {
        Operation(
            method: .get, path: path, name: name, summary: summary, resource: resource, number: number, access: access,
            query: query + QueryParameter.moment + QueryParameter.paging, response: .list(schema), handle: read)
    }
}
