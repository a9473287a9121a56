import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sits between a client and Postgres's socket, and cuts the connection just when the server says COMMIT: the transaction
/// is durable, and the client does not learn it.
final class CuttingProxy: Sendable {
    private let folder: String
    private let server: String
    private let listener: Int32
    private let cutsLeft = Atomic(0)
    private let cutsMade = Atomic(0)

    /// How often the connection has been cut.
    var cuts: Int { cutsMade.load(ordering: .acquiring) }

    /// - Parameter url: a conninfo with `host='<folder of the socket>'`.
    init(to url: String) throws {
        server = String(url.split(separator: "'")[1])
        folder = "/tmp/cut-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        listener = Self.socket()
        let path = folder + "/.s.PGSQL.5432"
        guard Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0
        else { throw POSIXError(.EADDRNOTAVAIL) }
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                serve(client)
            }
        }
    }

    /// The same conninfo, through here.
    func url(_ url: String) -> String { url.replacing(server, with: folder) }

    /// The next `count` transactions end so.
    func cut(_ count: Int) { cutsLeft.add(count, ordering: .acquiringAndReleasing) }

    func close() {
        shutdown(listener, Int32(2))
        Self.close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func serve(_ client: Int32) {
        let upstream = Self.socket()
        guard Self.withAddress(server + "/.s.PGSQL.5432", { connect(upstream, $0, $1) }) == 0 else {
            Self.close(client)
            return
        }
        // Neither descriptor is closed, and its number given to others, before both directions have ended.
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            Self.copy(client, upstream) { _ in true }
            ended.signal()
        }
        Thread.detachNewThread { [self] in
            Self.copy(upstream, client) { bytes in
                guard cutsLeft.load(ordering: .acquiring) > 0, bytes.firstRange(of: Array("COMMIT\0".utf8)) != nil
                else { return true }
                cutsLeft.subtract(1, ordering: .acquiringAndReleasing)
                cutsMade.add(1, ordering: .acquiringAndReleasing)
                return false
            }
            ended.wait()
            Self.close(upstream)
            Self.close(client)
        }
    }

    /// Copies until one side ends, or `passes` says no; then ends both.
    private static func copy(_ source: Int32, _ target: Int32, _ passes: (ArraySlice<UInt8>) -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        copying: while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, passes(buffer[..<count]) else { break }
            var sent = 0
            while sent < count {
                let written = buffer.withUnsafeBytes {
                    send(target, $0.baseAddress?.advanced(by: sent), count - sent, noSignal)
                }
                guard written > 0 else { break copying }
                sent += written
            }
        }
        shutdown(source, Int32(2))
        shutdown(target, Int32(2))
    }

    private static func socket() -> Int32 {
        #if canImport(Darwin)
            Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
        #elseif canImport(Musl)
            Musl.socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #endif
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
            Darwin.close(descriptor)
        #elseif canImport(Musl)
            Musl.close(descriptor)
        #else
            Glibc.close(descriptor)
        #endif
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

#if canImport(Darwin)
    // A broken pipe is an error there only if the socket is told so; tests ignore the signal.
    private let noSignal: Int32 = {
        signal(SIGPIPE, SIG_IGN)
        return 0
    }()
#else
    private let noSignal = Int32(MSG_NOSIGNAL)
#endif
