import Foundation

/// A folder of one test, removed after it, together with any server that still runs in it.
final class Scratch: Sendable {
    private let folder: String

    private init(_ folder: String) { self.folder = folder }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// A data directory for a Postgres of its own.
    var dataDirectory: String { path("data") }

    func write(_ text: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(text).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    static func use<T>(_ body: (Scratch) async throws -> T) async throws -> T {
        let folder = "/tmp/directory-command-\(UUID().uuidString.prefix(8))"
        // Where root runs the tests, Postgres's user must be able to pass through.
        try FileManager.default.createDirectory(
            atPath: "\(folder)/home", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let scratch = Scratch(folder)
        let result: Result<T, any Error>
        do { result = .success(try await body(scratch)) } catch { result = .failure(error) }
        scratch.killPostgres()
        try FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    /// A server that a failed test has left behind.
    private func killPostgres() {
        let file = "\(dataDirectory)/postgres/postmaster.pid"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let process = text.split(separator: "\n").first.flatMap({ Int32($0) }), process > 1
        else { return }
        kill(process, SIGQUIT)
        for _ in 0..<200 where kill(process, 0) == 0 { usleep(10_000) }
    }
}
