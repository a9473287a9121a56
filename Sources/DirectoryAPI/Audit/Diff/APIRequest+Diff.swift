import Directory
import EventSourcing
import FoundationEssentials

extension QueryParameter {
    /// The parameters of `GET /api/v1/audit/diff` that are not those of every list.
    static let difference = [
        QueryParameter(
            "from", .moment, "The earlier moment: a time, or a position of the log; 0 for the beginning.", example: "1",
            isRequired: true),
        QueryParameter("to", .moment, "The later moment: a time, or a position of the log; now if not given."),
        QueryParameter(
            "effective", .choice(["true", "false"]),
            "With true, times are those at which changes took effect, and not those at which they were recorded."),
        QueryParameter("organization", .uuid, "The organization; the current one if not given."),
    ]
}

extension APIRequest {
    /// What differs of the entities of an organization between two moments.
    /// - Throws: a refusal, where the caller may not read the organization's trail; 400, where a moment has not come yet or the
    ///   earlier one is the later.
    func differences() async throws -> APIResponse {
        let now = try await organizationOfTrail(at: .now).facts
        func reached(_ parameter: String) async throws -> Position? {
            let position = try await self.position(at: parameter) { now.organization }
            guard position ?? 0 <= now.position else { throw Problem.afterLog(at: parameter) }
            return position
        }
        guard let from = try await reached("from") else {
            throw Problem.invalid("from is missing.", [Refusal.Field("?from", "is required")])
        }
        let to = try await reached("to") ?? now.position
        guard from <= to, !isReversed(from: query("from"), to: query("to")) else {
            throw Problem.invalid(
                "The moments are in the wrong order.", [Refusal.Field("?from", "must not be after to")])
        }
        return try await list(from: { try await $0.organizationOfTrail(at: $1) }, at: .asOf(to)) { _ in
            .differences(since: from)
        }
    }

    /// Whether two times are in the wrong order: their positions do not tell where nothing happened in between.
    func isReversed(from: String?, to: String?) -> Bool {
        guard let from = from.flatMap({ Instant(rfc3339: $0) }), let to = to.flatMap({ Instant(rfc3339: $0) }) else {
            return false
        }
        return from > to
    }

    /// The organization that the query names, or the current one, whose trail the caller reads.
    private func organizationOfTrail(at moment: Moment) async throws -> ListScope {
        let scope: ListScope
        if let id = query("organization").flatMap({ UUID(text: $0) }) {
            // The header does not narrow a trail, but names nothing that the caller does not see.
            if caller.namedOrganization != nil { _ = try await everywhere(at: .now) }
            let found = try await ListScopes.organization.one(service.reads, caller, moment, id)
            guard found.facts.organization != nil, found.facts.has(.read), caller.hasRights(at: id) else {
                throw Refusal.notFound("organization")
            }
            scope = ListScope(found)
        } else {
            scope = try await currentOrganization(at: moment)
        }
        guard scope.facts.has(.readTrail) else { throw AuditRights.forbidden }
        return scope
    }
}
