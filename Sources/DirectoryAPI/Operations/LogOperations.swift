import CanonicalJSON
import Directory
import EventLog
import EventSourcing
import HTTPTypes
import TransparencyLog

extension Operations {
    /// The proofs of the log, in the formats of c2sp.org.
    static let log: [Operation] = [
        .log(
            "checkpoint", "getCheckpoint", "A signed checkpoint of the whole log (c2sp.org/tlog-checkpoint)",
            content: .text,
            notes: """
                Whoever keeps one can prove later that the log still has the same events in the same order. A node never signs \
                a checkpoint that does not extend the last one signed.
                """
        ) { request, facts in
            APIResponse(body: .text(try await request.checkpoint().note.encoded), position: facts.position)
        },
        .log(
            "vkey", "getVerifierKeys", "The log's verifier keys, the newest first (c2sp.org/signed-note)",
            content: .text
        ) {
            request, facts in
            let keys = try await LogSignature.verifiers(request.service.walks)
            return APIResponse(body: .text(keys.map { $0.text + "\n" }.joined()), position: facts.position)
        },
        .log(
            "consistency", "getConsistencyProof",
            "Prove that the log of one size extends that of another (RFC 6962, section 2.1.2)",
            query: [
                QueryParameter("from", .integer(0...Int64.max), "The smaller size.", example: "1", isRequired: true),
                QueryParameter(
                    "to", .integer(0...Int64.max), "The larger size, at most the log's own.", example: "2",
                    isRequired: true),
            ], content: .schema("ConsistencyProof")
        ) { try await $0.consistency($1) },
        .logEntry(
            "entry", "getLogEntry", "Read the bytes that the leaf of an event hashes", content: .schema("LogEntry"),
            notes: """
                The leaf is SHA-256(0x00 ‖ these bytes), at index position − 1 of the tree (RFC 6962). They are canonical JSON \
                (RFC 8785).
                """
        ) { _, event in .bytes(event.entry, contentType: "application/json") },
        .logEntry(
            "proof", "getInclusionProof", "Prove that an event is in the log (c2sp.org/tlog-proof)", content: .text
        ) { try await .text($0.inclusion(of: $1).encoded) },
        .logEntry(
            "opening", "getOpening", "Read what the commitments of an entry open to", content: .schema("Opening"),
            notes: "A commitment is HMAC-SHA-256 of the text under the salt. What was erased is left out."
        ) { _, event in .json(event.opening) },
        .tiles(
            "/api/v1/audit/log/tile/{level}/{tile...}", "getTile", "Read hashes of the tree (c2sp.org/tlog-tiles)"
        ) { request, path in
            guard let level = Decimal.parse(request.text("level")), level <= UInt64(TileIndex.highestLevel) else {
                return []
            }
            let tile = TileIndex(level: Int(level), index: path.index)
            return try await LogTree(request.service.walks).hashes(of: tile, width: path.width)
        } count: {
            $0.count / MerkleTree.hashLength
        },
        .tiles(
            "/api/v1/audit/log/tile/entries/{tile...}", "getEntryBundle",
            "Read entries of the log (c2sp.org/tlog-tiles)"
        ) {
            try await EntryBundle.entries($1, of: $0.service.walks)
        } count: {
            EntryBundle.count($0)
        },
    ]
}

extension Operation {
    /// What the body of an answer is.
    fileprivate enum Content {
        case text
        case schema(String)

        var shape: ResponseShape {
            switch self {
            case .text: ResponseShape(schema: nil, contentType: "text/plain")
            case .schema(let name): ResponseShape(schema: name)
            }
        }
    }

    /// An operation for everybody with an active account.
    fileprivate static func log(
        _ path: String, _ name: String, _ summary: String, query: [QueryParameter] = [], content: Content,
        notes: String? = nil, _ handle: @escaping @Sendable (APIRequest, CallerFacts) async throws -> APIResponse
    ) -> Operation {
        Operation(
            method: .get, path: PathPattern("/api/v1/audit/log/\(path)"), name: name, summary: summary,
            resource: .audit, number: nil, access: .account, query: query, notes: notes, response: content.shape
        ) { request in
            let found = try await ListScopes.everywhere.one(request.service.reads, request.caller, .now)
            try found.facts.checkStatedOrganization()
            return try await handle(request, found.facts)
        }
    }

    /// An operation about an event, for those who may read its entry in the trail.
    fileprivate static func logEntry(
        _ path: String, _ name: String, _ summary: String, content: Content, notes: String? = nil,
        _ body: @escaping @Sendable (APIRequest, StoredEvent) async throws -> APIResponse.Body
    ) -> Operation {
        Operation(
            method: .get, path: PathPattern("/api/v1/audit/log/\(path)"), name: name, summary: summary,
            resource: .audit, number: nil,
            access: .trail,
            query: [
                QueryParameter(
                    "position", .integer(1...Int64.max), "The position of the event.", example: "1", isRequired: true)
            ], notes: notes, response: content.shape
        ) { request in
            let (event, position) = try await request.event(at: try request.number("position"))
            return APIResponse(body: try await body(request, event), position: position)
        }
    }

    /// An operation that serves tiles; they span organizations.
    /// - Parameters:
    ///   - read: the bytes of a tile or of as much of it as there is.
    ///   - count: how many hashes or entries some bytes are.
    fileprivate static func tiles(
        _ path: PathPattern, _ name: String, _ summary: String,
        _ read: @escaping @Sendable (APIRequest, TilePath) async throws -> [UInt8],
        count: @escaping @Sendable ([UInt8]) -> Int
    ) -> Operation {
        Operation(
            method: .get, path: path, name: name, summary: summary, resource: .audit, number: nil,
            access: .permission(.administer),
            notes: "The path is that of tlog-tiles: `x001/x234/067`, or `x001/x234/067.p/112` of a partial one.",
            response: ResponseShape(schema: nil, contentType: "application/octet-stream")
        ) { request in
            let found = try await ListScopes.everywhere.one(request.service.reads, request.caller, .now)
            try found.facts.checkStatedOrganization()
            guard found.value.answer else {
                throw Refusal.forbidden("Tiles span organizations: only SYSTEM_ADMIN reads them.")
            }
            guard let path = TilePath(request.text("tile")) else { throw Refusal.notFound("tile") }
            let bytes = try await read(request, path)
            guard count(bytes) == path.width else { throw Refusal.notFound("tile") }
            // What a tile has never changes.
            return APIResponse(
                body: .bytes(bytes, contentType: "application/octet-stream"), position: found.facts.position,
                headers: [.cacheControl: "private, max-age=31536000, immutable"])
        }
    }
}

extension APIResponse.Body {
    fileprivate static func text(_ text: String) -> APIResponse.Body {
        .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8")
    }
}
