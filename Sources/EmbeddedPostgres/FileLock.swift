#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A lock on a file, which the kernel releases when its holder dies, however it dies.
final class FileLock: Sendable {
    private let descriptor: Int32
    let path: String

    /// Opens the file, without locking it yet. No child process inherits it, so none keeps our lock.
    init(_ path: String) throws(EmbeddedPostgresError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw Files.failure("open", path) }
    }

    deinit { if descriptor >= 0 { SystemCalls.close(descriptor) } }

    /// Takes the lock exclusively, if no one has it.
    func tryExclusive() -> Bool { lock(LOCK_EX | LOCK_NB) }

    /// Takes the lock together with others that share it, if no one has it exclusively.
    func tryShared() -> Bool { lock(LOCK_SH | LOCK_NB) }

    func release() { _ = lock(LOCK_UN) }

    /// Waits for the exclusive lock. It polls, as a blocking call would occupy a thread of Swift's pool.
    func exclusive() async throws(EmbeddedPostgresError) {
        while !tryExclusive() {
            do { try await Task.sleep(for: .milliseconds(20)) } catch {
                throw EmbeddedPostgresError(.inUse, "Cancelled while waiting for \(path).")
            }
        }
    }

    /// Writes a text into the file, for those who find it locked.
    func note(_ text: String) {
        let bytes = Array(text.utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    private func lock(_ operation: Int32) -> Bool {
        while flock(descriptor, operation) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
