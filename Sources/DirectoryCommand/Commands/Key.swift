import ArgumentParser
import EventLog
import Postgres
import TransparencyLog

struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys that sign the log's checkpoints.", subcommands: [Rotate.self])
}

extension Key {
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key that signs the log's checkpoints, and print its verifier key.",
            discussion: """
                The first checkpoint after it is signed by both the old key and the new one, so whoever trusts the old one \
                can come to trust the new one. Nodes that run keep serving, but sign no checkpoints until they have the new \
                key: copy its file to the key folder of each and restart them. Keep the old keys' files; the database keeps \
                the old verifier keys.

                \(Variable.help(Variable.common + [.keys]))
                """)

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let settings = try Settings.current()
            let logger = settings.logger(usually: .warning)
            settings.warnOfUnknown(logger)
            let location = try database.location(settings)
            let text = try await interruptible {
                try await location.withDatabase(create: false, settings, logger) { database in
                    _ = try await database.withSession("key") { try await LogIdentity.read($0) }
                    _ = try await database.setUp()
                    return try await database.withSession("key") { try await rotate(database, $0) }
                }
            }
            try Terminal.print(text)
        }

        private func rotate(_ database: Database, _ session: PostgresSession) async throws -> String {
            let log = try await LogIdentity.read(session)
            guard log.fingerprint != nil else {
                throw Failure("The log has no keys yet: `directory serve` makes them at its first start.")
            }
            let folder = try KeyFolder(for: database, log: log)
            let keys = try await folder.keys(of: log, session, database.settings)
            let newest = try await LogSignature.keys(session).first?.number ?? 0
            let file = KeyFolder.fileName(ofSigningKey: newest)
            guard keys.logSigning[newest] != nil else {
                throw Failure("The log's newest signing key, \(file), is not in \(folder.path): copy it there first.")
            }
            let (seed, key) = try folder.newSigningKey(newest + 1, of: log, master: keys.master)
            let signer = CheckpointSigner(keys: keys.logSigning.merging([key.number: seed]) { $1 })
            _ = try await session.query("begin")
            let signed = try await signer.rotate(to: key, session)
            _ = try await session.query("commit")
            guard let verifier = NoteVerifier(name: signed.checkpoint.origin, publicKey: key.publicKey) else {
                throw Failure("The log's name is not one that a key can have: the database is damaged.")
            }
            database.logger.notice(
                "a new key signs", metadata: ["file": "\(KeyFolder.fileName(ofSigningKey: key.number))"])
            return verifier.text
        }
    }
}
