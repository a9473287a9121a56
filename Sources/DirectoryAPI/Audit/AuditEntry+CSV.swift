import CanonicalJSON

extension AuditEntry {
    /// The names of the columns of an export.
    static let csvColumns =
        [
            "position", "id", "time", "effectiveAt", "type", "organization", "actorType", "actor", "actorName",
            "actorRole", "actorKey", "targetType", "target", "targetName", "otherTargets", "field", "from", "to",
        ] + contextNames

    /// A row for each change; one without a field where there is none. Each has all that is known of the entry.
    var csvRows: [CSVRow] {
        let target = targets.first
        // `EMPLOYEE <id> GROUP <id>`; names are left out, since they may have blanks.
        let others = targets.dropFirst().map { "\($0.kind.rawValue) \($0.id.text)" }.joined(separator: " ")
        let before = [
            "\(position)", id.text, time.description, effectiveAt?.description, type, organization?.text, actor.type,
            actor.id?.text, actor.name, actor.role, actor.key?.text, target?.kind.rawValue, target?.id.text,
            target?.name, others,
        ]
        let after = AuditEntry.contextNames.map { name in
            context.first { $0.name == name }?.value.string
        }
        let changes: [Change?] = self.changes.isEmpty ? [nil] : self.changes
        return changes.map { change in
            let own = [change?.field, change?.from.map(AuditEntry.cell), change?.to.map(AuditEntry.cell)]
            return CSVRow((before + own + after).map { $0 ?? "" })
        }
    }

    /// A value as a cell: a text as it is, anything else as JSON.
    private static func cell(_ value: JSON) -> String { value.string ?? value.canonicalText() }
}
