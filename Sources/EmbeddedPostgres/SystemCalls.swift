// The calls to the C library, in one place: elsewhere `kill` and `stop` are this module's own functions.
#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The operating system's calls that concern users and processes.
enum SystemCalls {
    static var effectiveUser: UInt32 { geteuid() }
    static var currentProcess: Int32 { getpid() }

    /// The ids of a user by name, if there is one.
    static func user(named name: String) -> (user: UInt32, group: UInt32)? {
        account({ getpwnam_r(name, $0, $1, $2, $3) }, { ($0.pw_uid, $0.pw_gid) })
    }

    /// The name of a user, or its number if it has none.
    static func name(ofUser user: UInt32) -> String {
        account({ getpwuid_r(user, $0, $1, $2, $3) }, { $0.pw_name.map { String(cString: $0) } }) ?? "\(user)"
    }

    /// The group of a user, or the group of the same number if the system does not know the user.
    static func group(ofUser user: UInt32) -> UInt32 {
        account({ getpwuid_r(user, $0, $1, $2, $3) }, { $0.pw_gid }) ?? user
    }

    private typealias FindAccount = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    /// Reads something of an account. `getpwnam` and `getpwuid` return memory that all threads share, so the reentrant
    /// functions are used, with a buffer that grows until it suffices.
    private static func account<T>(_ find: FindAccount, _ read: (passwd) -> T?) -> T? {
        var size = 1024
        while size <= 1_048_576 {
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let (error, value) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { memory in
                memory.baseAddress.map { (find(&entry, $0, size, &found), found.flatMap { read($0.pointee) }) }
                    ?? (ENOMEM, nil)
            }
            if error != ERANGE { return value }
            size *= 4
        }
        return nil
    }

    static func kill(_ process: Int32) { _ = send(SIGKILL, process) }

    static func stop(_ process: Int32) { _ = send(SIGSTOP, process) }

    /// The processes that a process has forked; on Linux only.
    static func children(of parent: Int32) -> [Int32] {
        Files.names(in: "/proc").compactMap { Int32($0) }.filter { process in
            guard let status = Files.read("/proc/\(process)/stat"), let name = status.lastIndex(of: ")") else {
                return false
            }
            // After the name come the state and the parent.
            let fields = status[status.index(after: name)...].split(separator: " ")
            return fields.count > 1 && fields[1] == "\(parent)"
        }
    }

    /// Whether a process is alive; one of another user counts, a zombie does not.
    static func isAlive(_ process: Int32) -> Bool {
        guard process > 0, send(0, process) == 0 || errno == EPERM else { return false }
        guard let status = Files.read("/proc/\(process)/stat"), let name = status.lastIndex(of: ")"),
            status[name...].hasPrefix(") Z")
        else { return true }
        // As the first process of a container we inherit the server when pg_ctl ends, and have to reap it.
        _ = waitpid(process, nil, WNOHANG)
        return false
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The two ends of a pipe, which child processes do not inherit.
    static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            guard Darwin.pipe(&ends) == 0 else { return nil }
        #elseif canImport(Musl)
            guard Musl.pipe(&ends) == 0 else { return nil }
        #else
            guard Glibc.pipe(&ends) == 0 else { return nil }
        #endif
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
            _ = Darwin.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Glibc.close(descriptor)
        #endif
    }

    private static func send(_ signal: Int32, _ process: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.kill(process, signal)
        #elseif canImport(Musl)
            Musl.kill(process, signal)
        #else
            Glibc.kill(process, signal)
        #endif
    }
}
