import Directory
import DirectoryRows
import EventSourcing
import FoundationEssentials

extension Operations {
    /// Reads, creates or replaces, and changes the profile of the entity whose id is in the path.
    /// - Parameters:
    ///   - first: the number of the operation that reads; those of the two others follow.
    ///   - words: the profile in the summaries; if not given, `employee profile` and the like.
    ///   - reading: the profile in the summary of the operation that reads; if not given, `words`.
    ///   - editors: who may change it.
    static func profile<P: OrganizationEntityProjection, M: Mutation>(
        of entities: P.Type, _ first: Int?, _ resource: Resource, _ words: String? = nil, reading: String? = nil,
        shows: Presentation, editors: Access = .permission(.change),
        _ change: @escaping @Sendable (UUID, ProfileEdits) -> M
    ) -> [Operation] {
        let word = P.kind.word
        return profile(
            of: entities, at: PathPattern("/api/v1/\(word)/{\(word)}/profile"), shows.schema, first, resource,
            words ?? "\(word) profile", reading: reading, shows: shows, editors: editors,
            read: { try await shows.read($0, $0.uuid(word), $1) }, change: { change($0.uuid(word), $1) })
    }

    /// Reads, creates or replaces, and changes the profile at a path.
    /// - Parameter name: what the names of the operations end in.
    static func profile<P: OrganizationEntityProjection, M: Mutation>(
        of _: P.Type, at path: PathPattern, _ name: String, _ first: Int?, _ resource: Resource, _ words: String,
        reading: String? = nil, shows: Presentation, editors: Access = .permission(.change),
        read: @escaping @Sendable (APIRequest, Moment) async throws -> APIResponse,
        change: @escaping @Sendable (APIRequest, ProfileEdits) -> M
    ) -> [Operation] {
        [
            .get(
                path, "get\(name)", first, resource, "Get \(reading ?? words)", access: .permission(.read),
                shows: shows, read),
            .mutation(
                .post, path, "replace\(name)", first.map { $0 + 1 }, resource, "Create or replace \(words)",
                access: editors,
                body: ProfileBody<P>.self, shows: shows,
                created: { "/api/v1/\(P.kind.word)/\($1.text)/profile" }
            ) { change($0, ProfileEdits($1.edits, replaces: true)) },
            .mutation(
                .patch, path, "update\(name)", first.map { $0 + 2 }, resource, "Update \(words)", access: editors,
                body: ProfileBody<P>.self, shows: shows
            ) { change($0, ProfileEdits($1.edits, replaces: false)) },
        ]
    }
}
