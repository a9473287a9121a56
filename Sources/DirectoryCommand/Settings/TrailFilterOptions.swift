import ArgumentParser
import Directory
import DirectoryAPI

/// Which entries of the audit trail a command is about, as `GET /api/v1/audit` has it.
struct TrailFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only entries with this entity among their targets.", valueName: "id"))
    var entity: String?

    @Option(
        help: ArgumentHelp(
            "Only entries with a target of this type: \(AuditFilter.entityTypes.joined(separator: ", ")).",
            valueName: "type"))
    var entityType: String?

    @Option(help: "Only entries of this type (employee.role_changed); employee.* matches all types with that prefix.")
    var type: String?

    @Option(help: ArgumentHelp("Only entries caused by this account, or by SYSTEM.", valueName: "id"))
    var actor: String?

    @Option(help: ArgumentHelp("Only entries caused by the request with this X-Request-Id.", valueName: "id"))
    var requestID: String?

    @Option(help: ArgumentHelp("Only entries in the trail of this organization.", valueName: "id"))
    var organization: String?

    @Option(help: ArgumentHelp("Only entries at or after this time, such as 2026-11-24T07:00:00Z.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only entries before this time.", valueName: "time"))
    var until: String?

    /// The values that were given, by the names of the parameters of `GET /api/v1/audit`.
    private var values: [String: String] {
        [
            "entity": entity, "entityType": entityType?.uppercased(), "type": type, "actor": actor,
            "requestId": requestID, "organization": organization, "since": since, "until": until,
        ].compactMapValues(\.self)
    }

    /// Whether all entries are asked for.
    var isEmpty: Bool { values.isEmpty }

    /// The filter.
    /// - Parameter others: parameters that only some commands have.
    /// - Throws: `ValidationError` that names every option at fault.
    func filter(_ others: [String: String?]) throws -> AuditFilter {
        do {
            return try AuditFilter(parsing: values.merging(others.compactMapValues(\.self)) { $1 })
        } catch {
            guard let refusal = error as? Refusal else { throw error }
            let words = refusal.fields.map { "\(TrailFilterOptions.option($0.pointer)) \($0.detail)" }
            throw ValidationError(words.joined(separator: "; ") + ".")
        }
    }

    /// `?entityType` is given as `--entity-type`.
    private static func option(_ pointer: String) -> String {
        switch pointer {
        case "?entityType": "--entity-type"
        case "?requestId": "--request-id"
        default: "--" + pointer.drop { $0 == "?" || $0 == "/" }
        }
    }
}
