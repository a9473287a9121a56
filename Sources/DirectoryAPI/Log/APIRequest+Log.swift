import CanonicalJSON
import Directory
import EventLog
import EventSourcing
import TransparencyLog

extension APIRequest {
    /// A number in the query that must be there.
    func number(_ name: String) throws -> Int64 {
        guard let number = query(name).flatMap({ Int64($0) }) else {
            throw Problem.invalid("The query is not valid.", [Refusal.Field("?\(name)", "is required")])
        }
        return number
    }

    /// A checkpoint of the whole log.
    func checkpoint() async throws -> SignedCheckpoint {
        do {
            return try await service.checkpoints.checkpoint(service.walks)
        } catch let refusal as CheckpointRefusal {
            if refusal.isAlarm { service.logger.critical("no checkpoint is signed: \(refusal)") }
            throw refusal
        }
    }

    /// The event at a position, if the caller may read its entry in the trail.
    /// - Returns: the event, and the position that the answer shows.
    /// - Throws: not found, also for one that the caller may not read; forbidden for a caller who may read no trail.
    func event(at position: Position) async throws -> (event: StoredEvent, shown: Position) {
        var query = EventQuery()
        query.after = position - 1
        query.through = position
        query.limit = 1
        query.scanLimit = 1
        guard let statement = AuditStatements.scoped[query.shape] else { throw AuditStatements.unknown }
        let input = AuditInput(organization: nil, entity: nil, query: query)
        let row = try await statement.run(service.walks, caller, .now, input).first
        guard let rights = row?.rights, rights.facts.isActive else { throw caller.refusal }
        try rights.check(AuditFilter(), caller)
        guard let event = row?.event else { throw Refusal.notFound("event") }
        return (event, rights.facts.position)
    }

    /// A proof that an event is in the log.
    func inclusion(of event: StoredEvent) async throws -> LogProof {
        let checkpoint = try await checkpoint()
        let index = UInt64(event.position - 1), size = checkpoint.checkpoint.size
        guard let plan = ProofPlan.inclusion(index: index, size: size) else { throw Refusal.notFound("event") }
        let hashes = try await LogTree(service.walks).hashes(of: plan, size: Position(size))
        return LogProof(index: index, hashes: hashes, checkpoint: checkpoint)
    }

    /// A proof that the log of one size extends that of another.
    func consistency(_ facts: CallerFacts) async throws -> APIResponse {
        let (from, to) = (try number("from"), try number("to"))
        guard to <= facts.position else {
            throw Problem.invalid(
                "The log is not that large.", [Refusal.Field("?to", "must be at most \(facts.position)")])
        }
        guard let plan = ProofPlan.consistency(from: UInt64(from), to: UInt64(to)) else {
            throw Problem.invalid("The sizes are the wrong way round.", [Refusal.Field("?from", "must be at most ?to")])
        }
        let hashes = try await LogTree(service.walks).hashes(of: plan, size: to)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("from", from)
        writer.member("to", to)
        writer.name("hashes")
        writer.value(.array(hashes.map { .string(Base64.encode($0)) }))
        writer.endObject()
        return APIResponse(body: .json(writer.bytes), position: facts.position)
    }
}

extension StoredEvent {
    /// What the entry's commitments open to, as far as it is still there.
    var opening: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, commitment) in [("sealed", sealed), ("origin", origin)] {
            guard let text = commitment?.text, let salt = commitment?.salt else { continue }
            writer.name(name)
            writer.beginObject()
            writer.member("text", String(decoding: text, as: UTF8.self))
            writer.member("salt", salt.hexadecimal)
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
