import CanonicalJSON
import Directory
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// How operations show an entity: its schema, how it is rendered after a mutation and how a GET reads it. Both give the same
/// bytes.
struct Presentation: Sendable {
    /// The name of the schema.
    let schema: String
    /// Renders it from the state just after a mutation; `nil` where it is so large that it is to be read.
    let render: @Sendable (View, Authority, UUID) throws -> Representation?
    /// Reads it as of a moment.
    let read: @Sendable (APIRequest, UUID, Moment) async throws -> APIResponse
}

extension Presentation {
    /// An entity of an organization.
    static func entity<P: OrganizationEntityProjection>(
        _: P.Type, _ byID: EntityReads.Statement<UUID>
    ) -> Presentation {
        Presentation(
            schema: P.kind.title, render: { try $0.representation(of: P.self, $2, for: $1) },
            read: { try await $0.entity(P.kind, byID, $1, at: $2).entity })
    }

    /// The profile of an entity of an organization.
    static func profile<P: OrganizationEntityProjection>(
        _: P.Type, _ byID: EntityReads.Statement<UUID>
    ) -> Presentation {
        Presentation(
            schema: "\(P.kind.title)Profile", render: { try $0.profile(of: P.self, $2, for: $1) },
            read: { try await $0.entity(P.kind, byID, $1, at: $2).profile })
    }
}

/// What only the answer to a mutation that has just been carried out shows: neither a repeat nor a read does.
struct Revealed<M: Sendable>: Sendable {
    /// The member's name.
    let name: StaticString
    /// Its value.
    let value: @Sendable (M) -> String
}

extension Presentation {
    /// The same, with a member more right after a mutation.
    fileprivate func revealing(_ name: StaticString, _ value: String) -> Presentation {
        Presentation(
            schema: schema,
            render: { view, caller, id in
                guard let shown = try render(view, caller, id) else { return nil }
                var writer = JSONWriter(reservingCapacity: 64)
                writer.beginObject()
                writer.member(name, value)
                writer.endObject()
                let json = shown.json.dropLast() + [UInt8(ascii: ",")] + writer.bytes.dropFirst()
                return Representation(json: Array(json), tag: shown.tag)
            }, read: read)
    }
}

extension Operation {
    /// An operation that changes something.
    /// - Parameters:
    ///   - reveals: what its first answer alone shows.
    ///   - created: the path of the created entity, for `Location`; if given, the response is 201.
    ///   - mutation: makes the mutation for a request.
    static func mutation<B: RequestBody, M: Mutation>(
        _ method: Method, _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String,
        access: Access, query: [QueryParameter] = [], body: B.Type, shows: Presentation, isEmpty: Bool = false,
        reveals: Revealed<M>? = nil, created: (@Sendable (APIRequest, UUID) -> String)? = nil,
        _ mutation: @escaping @Sendable (APIRequest, B) throws -> M
    ) -> Operation {
        var response: ResponseShape = isEmpty ? .empty : .one(shows.schema, status: created == nil ? 200 : 201)
        if shows.schema.hasSuffix("[]") {
            response = ResponseShape(
                status: response.status, schema: isEmpty ? nil : String(shows.schema.dropLast(2)), isArray: !isEmpty,
                hasTag: true)
        }
        return Operation(
            method: method, path: path, name: name, summary: summary, resource: resource, number: number,
            access: access,
            query: query, body: B.self == NoBody.self ? nil : B.self, response: response
        ) { request in
            let mutation = try mutation(request, try request.decode(B.self))
            let shown = reveals.map { shows.revealing($0.name, $0.value(mutation)) } ?? shows
            var reply = try await request.execute(mutation, shows: shown)
            if isEmpty { reply.reply.body = .none }
            if let created {
                reply.reply.status = .created
                reply.reply.headers[.location] = created(request, reply.entity)
            }
            return reply.reply
        }
    }
}

extension Operation {
    /// An operation that changes something and has no body.
    static func mutation<M: Mutation>(
        _ method: Method, _ path: PathPattern, _ name: String, _ number: Int?, _ resource: Resource, _ summary: String,
        access: Access, query: [QueryParameter] = [], shows: Presentation, isEmpty: Bool = false,
        _ mutation: @escaping @Sendable (APIRequest) throws -> M
    ) -> Operation {
        .mutation(
            method, path, name, number, resource, summary, access: access, query: query, body: NoBody.self,
            shows: shows,
            isEmpty: isEmpty
        ) { request, _ in try mutation(request) }
    }
}

extension APIRequest {
    /// Carries out a mutation; a repeat gets the response of the first request.
    func execute<M: Mutation>(_ mutation: M, shows: Presentation) async throws -> (reply: APIResponse, entity: UUID) {
        switch try await service.processor.submit(Execute(mutation, try context(), show: shows.render)) {
        case .done(let shown, let entity, let position):
            return (APIResponse(body: .json(shown.json), tag: shown.tag, position: position), entity)
        case .removed(let shown, let entity, let position):
            let tag = EntityTag(position, showsHidden: shown.tag.showsHidden)
            return (APIResponse(body: .json(shown.json), tag: tag, position: position), entity)
        case .toRead(let entity, let position):
            return (try await shows.read(self, entity, .repeated(position)), entity)
        }
    }
}
