import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A little shell that outlives us: it waits for the end of a pipe that we hold open, then stops the server and
/// removes its folder. The kernel closes our end whatever ends us, so a test that crashes leaves nothing behind.
final class Supervisor: Sendable {
    private let ours: Mutex<Int32?>

    private init(_ descriptor: Int32) { ours = Mutex(descriptor) }

    deinit { end() }

    /// Makes it act now.
    func end() {
        guard let descriptor = ours.withLock({ $0.take() }) else { return }
        SystemCalls.close(descriptor)
    }

    static func start(
        folder: String, pgCtl: String, user: ServerUser?
    ) async throws(EmbeddedPostgresError) -> Supervisor {
        guard let pipe = SystemCalls.pipe() else {
            throw EmbeddedPostgresError(.failed, "No pipe is to be had: too many open files.")
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

    /// Again and again, since what ended us may have caught `initdb` at work, which goes on writing for a while.
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
