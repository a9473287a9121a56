import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import HTTPTypes

extension Operations {
    /// The audit trail, and the history of each entity in it.
    static let audit: [Operation] = [
        Operation(
            method: .get, path: "/api/v1/audit", name: "listAudit",
            summary: "Read the audit trail: everything that the caller may read of it, over all its organizations",
            resource: .audit, number: nil,
            access: .trail,
            query: AuditFilter.parameters, notes: auditNotes, response: .list("AuditEntry")
        ) { try await $0.audit(AuditFilter($0.query)) },
        Operation(
            method: .get, path: "/api/v1/audit/export", name: "exportAudit",
            summary: "Export the audit trail: every entry that the filter finds, in one response",
            resource: .audit, number: nil,
            access: .trail,
            query: AuditFilter.exportParameters, notes: exportNotes,
            response: ResponseShape(
                schema: nil, contentType: AuditExport.Format.ndjson.mediaType,
                otherContentTypes: [AuditExport.Format.csv.mediaType], isStreamed: true)
        ) { try await $0.exportAudit(AuditFilter($0.query)) },
        history(.organization, "/api/v1/organization/{organization}/history"),
        history(
            .account, "/api/v1/account/{accountId}/history",
            access: .special(.readTrail, "the account itself, as far as it belongs to no organization")),
        history(.employee, "/api/v1/employee/{employee}/history"),
        history(.group, "/api/v1/group/{id}/history"),
        Operation(
            method: .get, path: "/api/v1/audit/diff", name: "listDifferences",
            summary: "Compare two moments of an organization: what differs, entity by entity",
            resource: .audit, number: nil, access: .permission(.readTrail),
            query: QueryParameter.difference + QueryParameter.paging, notes: differenceNotes,
            response: .list("AuditDifference")
        ) { try await $0.differences() },
    ]

    private static func history(
        _ kind: EntityKind, _ path: PathPattern, access: Access = .permission(.readTrail)
    ) -> Operation {
        Operation(
            method: .get, path: path, name: "get\(kind.title)History",
            summary: "Read the history of \(kind.word): the entries of the audit trail with it among the targets",
            resource: .audit, number: nil, access: access, query: AuditFilter.historyParameters, notes: auditNotes,
            response: .list("AuditEntry")
        ) { request in
            var filter = AuditFilter(request.query)
            (filter.entity, filter.entityKind) = (request.uuid(path.parameters.first ?? ""), kind)
            return try await request.audit(filter)
        }
    }

    private static let differenceNotes = """
        What changed and changed back is no difference. Who joined or left is a change of `/status`, without `from` where the \
        entity is new; who moved, of `/managers`; a membership is a change of `/groups` of the member, a role of `/grants` of the \
        account. Fields are those of the trail. `positions` are those of the events that made the differences, for each field the last \
        \(AuditDifference.mostPositions): their entries say who did it, when and from where.

        What was erased is so at both moments; that it was is a change of `/status` without a `from`, which the log does not say \
        any longer.

        Entities are in the order in which they first changed. Of some that changed nothing is different, so that a page \
        may be short, even empty.
        """

    private static let auditNotes = """
        Ascending, `Link: rel="next"` is always there, so a reader can follow it forever: it continues after everything that \
        has been examined. Descending, it is there while there is more.

        A request examines at most \(AuditFilter.scanLimit) events: if a filter matches few of them, a page may be short, even \
        empty, and the link continues where the search ended. A reader is up to date when the `after` of the \
        link has reached `Directory-Position`.

        Reading the trail (not the history of one entity) is recorded in it, at most once a minute for each reader and filter, as \
        `organization.audit_read`, or as `account.audit_read` where no organization is named by the filter, the entity or the \
        token. A page without anything but such records is not recorded. While the log cannot be written, what would have to be \
        recorded is 503.
        """

    private static let exportNotes = """
        Has all entries up to `Directory-Position`, oldest first, however many there are. Names are those of the time when a line \
        is written.

        - `ndjson`: an AuditEntry a line.
        - `cloudevents`: a CloudEvent (CloudEvents 1.0) a line, whose `data` is the AuditEntry.
        - `csv` (RFC 4180): a row for each change of each entry, and one for an entry without changes. A cell that a spreadsheet \
        would take for a formula, since it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, has a `'` before it. The \
        first row has the names of the columns, unless the export begins `after` a position.

        To go on with an export that was cut off, ask for what comes `after` the position of the last entry that is there as a \
        whole: the two parts together are the bytes of one export, if no name changed meanwhile. To get what came later, ask for \
        what comes after the `Directory-Position` of the last export.

        Every export is recorded in the trail, as `organization.audit_exported`, or as `account.audit_exported` where no \
        organization is named. While the log cannot be written, it is 503.
        """
}

extension APIRequest {
    /// Answers a page of the trail, or of the history of one entity.
    func audit(_ filter: AuditFilter) async throws -> APIResponse {
        let reading = try await AuditTrail(service.walks).page(filter, for: caller)
        if filter.entityKind == nil, reading.isNews { try await record(.pages, of: reading.organization, filter) }
        let page = reading.page
        var reply = APIResponse(body: .elements(page.entries.map(\.json).elements), position: page.position)
        if let next = page.next {
            var parts = operation.query.map(\.name).filter { $0 != "after" }.compactMap { name in
                query(name).map { "\(name)=\(PercentDecoding.encode($0))" }
            }
            parts.append("after=\(next)")
            reply.headers[.link] = "<\(path)?\(parts.joined(separator: "&"))>; rel=\"next\""
        }
        return reply
    }
}
