#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A folder whose files other users cannot read: it has mode 0700, its files 0600.
struct PrivateFolder {
    /// The maximum size of a file: far more than any key needs.
    private static let mostBytes = 4096

    private let path: String

    /// Opens a folder, or creates it and its parents.
    /// - Returns: `nil` if it does not exist and `create` is false.
    /// - Throws: `Failure` if other users can enter it, with the command that fixes that.
    init?(_ path: String, create: Bool) throws {
        self.path = path
        if access(path, F_OK) != 0 {
            guard create else { return nil }
            try PrivateFolder.make(path)
        }
        try PrivateFolder.check(path, isFolder: true)
    }

    func has(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

    /// The bytes of a file, which is created with fresh ones if it is missing. If several processes create it at once, the
    /// first one wins and the others get its bytes.
    func bytes(of name: String, orMake fresh: () -> [UInt8]) throws -> [UInt8] {
        if !has(name) { try make(name, fresh()) }
        let file = "\(path)/\(name)"
        try PrivateFolder.check(file, isFolder: false)
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw PrivateFolder.failure("read", file) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: PrivateFolder.mostBytes + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw PrivateFolder.failure("read", file) }
        guard count <= PrivateFolder.mostBytes else {
            throw Failure("\(file) has more than \(PrivateFolder.mostBytes) bytes: it is not a key.")
        }
        return Array(bytes.prefix(count))
    }

    /// Writes the whole file under a temporary name, then renames it unless its name has been taken in the meantime.
    private func make(_ name: String, _ bytes: [UInt8]) throws {
        let file = "\(path)/\(name)", draft = "\(file).\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateFolder.failure("write", file) }
        defer { unlink(draft) }
        let isWritten = bytes.withUnsafeBytes { source -> Bool in
            guard case .bytes(source.count) = Platform.write(source, to: descriptor) else { return false }
            return true
        }
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, isSafe, link(draft, file) == 0 || errno == EEXIST else {
            throw PrivateFolder.failure("write", file)
        }
        let folder = open(path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func make(_ path: String) throws {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let above = String(path[..<slash])
            if access(above, F_OK) != 0 { try make(above) }
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    private static func check(_ path: String, isFolder: Bool) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("read", path) }
        guard (status.st_mode & S_IFMT == S_IFDIR) == isFolder else {
            throw Failure("\(path) must be a \(isFolder ? "folder" : "file"): it is where keys are kept.")
        }
        guard status.st_mode & 0o077 == 0 else {
            let (what, mode) = isFolder ? ("enter", "700") : ("read", "600")
            throw Failure("Other users can \(what) \(path), which holds secrets. Run: chmod \(mode) \(quoted(path))")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 else {
            throw Failure("\(path) holds secrets and belongs to another user.")
        }
    }

    private static func quoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy { byte in
            byte >= 0x80 || "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+".utf8.contains(byte)
        }
        guard !plain else { return path }
        return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        Failure("Cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
