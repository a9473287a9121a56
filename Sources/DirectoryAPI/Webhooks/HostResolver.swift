import Directory
import NIOPosix

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds the addresses of hosts.
struct HostResolver: Sendable {
    private let find: @Sendable (String) async throws -> [IPAddress]

    init(_ find: @escaping @Sendable (String) async throws -> [IPAddress]) { self.find = find }

    /// As the system finds them, in the order in which they are to be tried.
    static let system = HostResolver { host in
        try await threads.runIfActive { try lookUp(host) }
    }

    /// The addresses of a host.
    /// - Throws: where it has none, or they are not found in that time.
    func addresses(of host: String, within time: Duration) async throws -> [IPAddress] {
        let (results, found) = AsyncStream<Result<[IPAddress], any Error>>.makeStream()
        // The system may take its time, and cannot be told to stop: whoever waits goes on without it.
        let search = Task { [find] in
            do { found.yield(.success(try await find(host))) } catch { found.yield(.failure(error)) }
        }
        let timer = Task {
            try await Task.sleep(for: time)
            found.yield(.failure(Unresolved()))
        }
        defer {
            search.cancel()
            timer.cancel()
        }
        for await result in results {
            let addresses = try result.get()
            guard !addresses.isEmpty else { throw Unresolved() }
            return addresses
        }
        throw CancellationError()
    }

    struct Unresolved: Error {}

    /// Threads that may block for as long as the system looks for an address.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
        return threads
    }()

    private static func lookUp(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { throw Unresolved() }
        defer { freeaddrinfo(found) }
        var addresses: [IPAddress] = []
        var next = found
        while let entry = next {
            if let address = address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let socket = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            let address = socket.loadUnaligned(as: sockaddr_in.self).sin_addr
            return IPAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6:
            let address = socket.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return IPAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }
}
