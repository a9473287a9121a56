import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A shell process that outlives ours: it waits for the end of a pipe that we hold open, then stops the server and
/// removes its folder. The kernel closes our end however we end, so nothing is left of a test that crashes.
final class Supervisor: Sendable {
    private let ours: Mutex<Int32?>

    private init(_ descriptor: Int32) { ours = Mutex(descriptor) }

    deinit { end() }

    /// Makes it stop the server now.
    func end() {
        guard let descriptor = ours.withLock({ $0.take() }) else { return }
        SystemCalls.close(descriptor)
    }

    static func start(
        folder: String, pgCtl: String, user: ServerUser?
    ) async throws(EmbeddedPostgresError) -> Supervisor {
        guard let pipe = SystemCalls.pipe() else {
            throw EmbeddedPostgresError(.failed, "A pipe cannot be created: too many open files.")
        }
        let supervisor = Supervisor(pipe.write)
        let outcome = try await Program(
            path: "/bin/sh", arguments: ["-c", script, "directory-test-supervisor", pgCtl, folder], user: user
        ).run(
            input: .fileDescriptor(FileDescriptor(rawValue: pipe.read), closeAfterSpawningProcess: true))
        guard outcome.succeeded else {
            throw EmbeddedPostgresError(.failed, "The supervisor does not start:\n\(outcome.words)")
        }
        return supervisor
    }

    /// It tries repeatedly: if we ended while `initdb` was running, that goes on writing for a while.
    private static let script = """
        exec 3<&0
        (
            read -r line <&3
            for attempt in 1 2 3 4 5 6 7 8 9 10; do
                "$1" stop -s -m immediate -D "$2/data"
                rm -rf "$2"
                [ -e "$2" ] || exit 0
                sleep 1
            done
        ) </dev/null >/dev/null 2>&1 &
        """
}
