import CanonicalJSON
import CommandProcessor
import Directory
import EventSourcing
import FoundationEssentials

extension AuditFilter {
    /// Which entries it asks for, as it is recorded: without where a reading begins, how long it is and in which order; `nil` where
    /// it asks for all.
    var conditions: JSON? {
        let actor: String? =
            switch self.actor {
            case .account(let account): account.text
            case .system: "SYSTEM"
            case nil: nil
            }
        let members = [
            ("actor", actor), ("entity", entity?.text), ("entityType", entityType),
            ("organization", organization?.text), ("requestId", requestID), ("since", since?.description),
            ("type", type), ("until", until?.description),
        ].compactMap { name, value in value.map { JSON.Member(name: name, value: .string($0)) } }
        return members.isEmpty ? nil : .object(members)
    }
}

extension AuditTrail.Reading {
    /// Whether it is to be recorded. What has nothing but records of earlier readings is not: a reader who follows the links
    /// would otherwise go on for ever, each reading being the next one's news.
    var isNews: Bool { !isRecorded && page.entries.contains { !$0.isReading } }
}

extension AuditEntry {
    /// Whether it says that the trail was read.
    fileprivate var isReading: Bool { type.hasSuffix(".audit_read") }
}

extension APIRequest {
    /// Records what the caller reads of the trail. Nothing of it is answered before the record is durable.
    /// - Returns: the position of the record; `nil` where none was needed.
    /// - Throws: 503 where the log cannot be written.
    @discardableResult
    func record(_ kind: TrailReading.Kind, of organization: UUID?, _ filter: AuditFilter) async throws -> Position? {
        // A HEAD shows nothing of the trail.
        guard method != "HEAD" else { return nil }
        let reading = TrailReading(kind, of: organization, filter: filter.conditions)
        do {
            return try await service.processor.submit(RecordReading(reading, try context()))
        } catch ProcessorError.unavailable, ProcessorError.outcomeUnknown {
            throw Problem.unavailable(
                "Readings of the audit trail are recorded, and the log cannot be written at the moment. Try again.")
        }
    }
}
