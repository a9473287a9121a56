import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP connection that sends any bytes: for requests that a correct client does not make.
final class RawSocket: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failed() }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    struct Failed: Error {}

    /// Sends bytes; a peer that has closed already is not an error here.
    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Sends bytes; a peer that has closed already is not an error here.
    func send(_ bytes: [UInt8]) async {
        await aside { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { buffer in
                    Self.write(descriptor, buffer, from: sent)
                }
                if count <= 0 { return }
                sent += count
            }
        }
    }

    private static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, from offset: Int) -> Int {
        #if canImport(Glibc)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
        #if canImport(Glibc)
            return Glibc.send(descriptor, rest.baseAddress, rest.count, flags)
        #else
            return Darwin.send(descriptor, rest.baseAddress, rest.count, flags)
        #endif
    }

    /// What came next; 0 at the end, and less than 0 where the peer has said nothing for too long.
    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // With a time limit a signal ends the call, whatever becomes of the signal.
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// Reads until the peer closes or the text contains what is awaited.
    func receive(until end: String? = nil) async -> String {
        await aside { [descriptor] in
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Self.read(descriptor, &buffer)
                if count <= 0 { break }
                received += buffer[..<count]
                if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
            }
            return String(decoding: received, as: UTF8.self)
        }
    }

    /// Reads what comes next.
    /// - Returns: `nil` where nothing comes any longer.
    func receiveSome() async -> [UInt8]? {
        await aside { [descriptor] in
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            let count = Self.read(descriptor, &buffer)
            return count > 0 ? Array(buffer[..<count]) : nil
        }
    }

    /// Reads until the peer closes.
    /// - Returns: what came; `nil` where the peer keeps the connection open without a word.
    func receiveAll() async -> String? {
        await aside { [descriptor] in
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Self.read(descriptor, &buffer)
                if count < 0, errno != ECONNRESET { return nil }
                if count <= 0 { return String(decoding: received, as: UTF8.self) }
                received += buffer[..<count]
            }
        }
    }

    /// Says that nothing more will be sent; what comes can still be read.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the end of this socket a reset, as of a client that was killed with unread data.
    func resetsAtEnd() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Blocking calls run on threads of their own: those of Dispatch also run tasks, and are few.
    private func aside<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}

extension Server {
    /// Sends raw bytes of one request and returns the status of the answer; 0 where the connection was closed without one.
    func raw(_ request: [UInt8]) async throws -> Int {
        let socket = try RawSocket(port: port)
        await socket.send(request)
        return RawSocket.status(await socket.receive(until: "\r\n\r\n"))
    }

    /// Sends a request line and headers unchanged.
    func raw(_ line: String, headers: [String] = [], as caller: Person? = nil) async throws -> Int {
        let token = caller.map { ["Authorization: Bearer \($0.token)"] } ?? []
        let lines = [line, "Host: localhost", "Connection: close"] + token + headers
        return try await raw(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }
}

extension RawSocket {
    /// The status of an answer's first line.
    static func status(_ answer: String) -> Int {
        guard answer.hasPrefix("HTTP/1.1 ") || answer.hasPrefix("HTTP/1.0 ") else { return 0 }
        return Int(answer.dropFirst(9).prefix(3)) ?? 0
    }
}
