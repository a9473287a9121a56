#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What this module does with files. Every error names the path and the system's reason.
enum Files {
    /// What a path is, without following a link at its end.
    struct Status {
        let owner: UInt32
        let mode: UInt32
        let isDirectory: Bool
    }

    static func status(_ path: String) -> Status? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Status(
            owner: status.st_uid, mode: UInt32(status.st_mode & 0o7777),
            isDirectory: status.st_mode & S_IFMT == S_IFDIR)
    }

    static func size(_ path: String) -> Int? {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The names in a folder; none if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The text of a file, at most its last `limit` bytes; nil if it cannot be read.
    static func read(_ path: String, limit: Int = 65_536) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        // Files of /proc are not seekable; they are short.
        if fseek(file, 0, SEEK_END) == 0 { fseek(file, max(0, ftell(file) - limit), SEEK_SET) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = fread(&bytes, 1, limit, file)
        return ferror(file) == 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// Writes a file completely or not at all.
    ///
    /// Root writes into folders of the server's user, who must not be able to redirect it to other files by a link.
    static func write(_ text: String, to path: String, owner: ServerUser?) throws(EmbeddedPostgresError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        let isWritten = put(Array(text.utf8), into: descriptor)
        let isGiven = owner.map { fchown(descriptor, $0.user, $0.group) == 0 } ?? true
        let isSafe = fsync(descriptor) == 0
        SystemCalls.close(descriptor)
        guard isWritten, isGiven, isSafe, rename(draft, path) == 0 else { throw failure("write", path) }
    }

    private static func put(_ bytes: [UInt8], into descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.system(write: $0, to: descriptor) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func system(write bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// Creates one folder with exactly this mode; false if something of that name exists already.
    static func makeFolder(_ path: String, mode: UInt32) throws(EmbeddedPostgresError) -> Bool {
        guard mkdir(path, mode_t(mode)) == 0 else {
            if errno == EEXIST { return false }
            throw failure("create", path)
        }
        // The umask may have cleared bits.
        guard chmod(path, mode_t(mode)) == 0 else { throw failure("set the mode of", path) }
        return true
    }

    /// Creates a folder and those above it. Only new folders get a mode, and only the last one gets this mode.
    static func makeFolders(_ path: String, mode: UInt32) throws(EmbeddedPostgresError) {
        if exists(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolders(String(path[..<slash]), mode: 0o755)
        }
        _ = try makeFolder(path, mode: mode)
    }

    /// Creates a folder with a unique name: `prefix` and six characters.
    static func makeUniqueFolder(prefix: String) throws(EmbeddedPostgresError) -> String {
        // mkdtemp puts characters of its own in place of the last six.
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw failure("create a folder like", prefix) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Gives a folder to a user, but not what a link in its place may point to.
    static func give(_ folder: String, to user: ServerUser) throws(EmbeddedPostgresError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        let isGiven = fchown(descriptor, user.user, user.group) == 0
        SystemCalls.close(descriptor)
        guard isGiven else { throw failure("give user \(user.name)", folder) }
    }

    static func move(_ old: String, to new: String) throws(EmbeddedPostgresError) {
        guard rename(old, new) == 0 else { throw failure("rename to \(new)", old) }
    }

    /// Makes the names in a folder durable: a cluster whose rename is lost in a power failure would seem to be missing.
    static func synchronise(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        SystemCalls.close(descriptor)
    }

    /// The path without links, dots and doubled slashes; nil if it does not exist.
    static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func target(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    static func failure(_ verb: String, _ path: String) -> EmbeddedPostgresError {
        EmbeddedPostgresError(.unusableDirectory, "Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}
