/// A running server of a cluster, as described by its `postmaster.pid`.
struct Postmaster: Sendable, Equatable {
    let process: Int32
    let socketFolder: String
    /// `starting`, `ready`, `stopping` or `standby`.
    let status: String

    /// The lines of `postmaster.pid`; it grows while the server starts.
    init?(lines text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let process = Int32(first.trimmed) else { return nil }
        self.process = process
        socketFolder = lines.indices.contains(4) ? String(lines[4]) : ""
        status = lines.indices.contains(7) ? lines[7].trimmed : "starting"
    }

    /// The server that runs in this folder, if there is one.
    static func running(in folder: String) -> Postmaster? {
        guard let text = Files.read("\(folder)/postmaster.pid"), let found = Postmaster(lines: text),
            SystemCalls.isAlive(found.process)
        else { return nil }
        // After a crash of the machine the number may be another program's; a postmaster's working directory is its
        // cluster.
        if let place = Files.target(ofLink: "/proc/\(found.process)/cwd"), place != Files.canonical(folder) {
            return nil
        }
        return found
    }
}

extension Substring {
    fileprivate var trimmed: String { String(drop(while: \.isWhitespace).prefix { !$0.isWhitespace }) }
}
