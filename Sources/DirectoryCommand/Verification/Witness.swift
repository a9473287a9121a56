import AsyncHTTPClient
import CanonicalJSON
import Foundation
import NIOCore
import TransparencyLog

/// Watches a log from outside: each checkpoint that it gets must extend the one before.
struct Witness: Sendable {
    /// What is wrong with the log.
    struct Alarm: Error, CustomStringConvertible {
        let description: String
    }

    /// What the witness has learnt.
    enum Report: Sendable {
        case first(Checkpoint)
        case unchanged(Checkpoint)
        case extended(from: UInt64, Checkpoint)
    }

    let service: LogService
    let keys: [NoteVerifier]
    /// The file with the last checkpoint seen; none before the first.
    let file: String

    /// Gets a checkpoint, proves that it extends the last one seen, and keeps it.
    /// - Throws: `Alarm`, in which case the checkpoint is kept next to the last good one, as evidence; `Failure`.
    func run() async throws -> Report {
        let last = FileManager.default.fileExists(atPath: file) ? try KeptCheckpoint(path: file).signed : nil
        let bytes = try await service.get("checkpoint")
        do {
            let report = try await judge(bytes, last)
            try keep(bytes, file)
            return report
        } catch let alarm as Alarm {
            let evidence = "\(file).alarm"
            try keep(bytes, evidence)
            throw Alarm(description: "\(alarm); what was served is kept in \(evidence)")
        }
    }

    private func judge(_ bytes: [UInt8], _ last: SignedCheckpoint?) async throws -> Report {
        let next: Checkpoint
        do {
            let signed = try SignedCheckpoint(parsing: bytes)
            try signed.verify(by: keys)
            next = signed.checkpoint
        } catch {
            throw Alarm(description: "the checkpoint that the service gives is not trusted: \(error)")
        }
        guard let last = last?.checkpoint else { return .first(next) }
        guard next.origin.utf8.elementsEqual(last.origin.utf8) else {
            throw Alarm(
                description: "the service gives a checkpoint of the log \(next.origin), before it was \(last.origin)")
        }
        guard next.size >= last.size else {
            throw Alarm(description: "the log had \(last.size) events, and now it has \(next.size)")
        }
        if next.size == last.size {
            guard next.root == last.root else {
                throw Alarm(description: "the log of \(last.size) events is another one than before")
            }
            return .unchanged(next)
        }
        let proof = try await consistency(from: last.size, to: next.size)
        guard MerkleProof.isConsistent(from: last.size, root: last.root, to: next.size, root: next.root, proof) else {
            throw Alarm(
                description: "the log of \(next.size) events does not begin with the \(last.size) that it had before")
        }
        return .extended(from: last.size, next)
    }

    private func consistency(from first: UInt64, to second: UInt64) async throws -> [[UInt8]] {
        // Every tree extends the empty one: there is nothing to prove.
        guard first > 0 else { return [] }
        let bytes = try await service.get("consistency?from=\(first)&to=\(second)")
        let hashes = (try? JSON(parsing: bytes))?["hashes"]?.array?.map { $0.string.flatMap { Base64.decode($0) } }
        guard let hashes, hashes.allSatisfy({ $0 != nil }) else {
            throw Failure(
                "\(service.url) gives something else than a proof of consistency.", code: Failure.Code.unavailable)
        }
        return hashes.compactMap { $0 }
    }

    /// Writes a file as a whole or not at all.
    private func keep(_ bytes: [UInt8], _ path: String) throws {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure("\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}

/// The proofs of a service, over HTTP.
struct LogService: Sendable {
    /// The most bytes that an answer may have.
    private static let mostBytes = 4 << 20

    /// The service's address.
    let url: String
    let token: String

    /// Gets what is at a path below `/api/v1/audit/log/`.
    /// - Throws: `Failure` if the service cannot be reached, or refuses.
    func get(_ path: String) async throws -> [UInt8] {
        var base = url
        while base.hasSuffix("/") { base.removeLast() }
        var request = HTTPClientRequest(url: "\(base)/api/v1/audit/log/\(path)")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        let (status, bytes): (UInt, [UInt8])
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            bytes = Array(try await response.body.collect(upTo: LogService.mostBytes).readableBytesView)
            status = response.status.code
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure("\(url) cannot be reached: \(error)", code: Failure.Code.unavailable)
        }
        guard status == 200 else {
            let detail = (try? JSON(parsing: bytes))?["detail"]?.string ?? "status \(status)"
            throw Failure("\(url) refuses: \(detail)", code: Failure.Code.unavailable)
        }
        return bytes
    }
}
