import CLibPQ

/// Calls of libpq that block, on threads of their own: resolving a name, sending a cancel.
///
/// Of a URL with several hosts only the first is resolved here. Should it not answer, libpq resolves the next inside
/// `PQconnectPoll`, so on the loop's thread, which then stops for as long as the resolver takes.
enum BlockingCalls {
    /// Begins to connect. The answer comes on the helper's thread; nil if there was not enough memory.
    static func connect(
        _ keywords: [(String, String)], _ completion: @escaping @Sendable (TransferredPointer?) -> Void
    ) -> Bool {
        PosixThread.detach { completion(start(keywords).map(TransferredPointer.init)) }
    }

    private static func start(_ keywords: [(String, String)]) -> OpaquePointer? {
        // One block of memory with all texts, so that every pointer into it stays valid during the call.
        var texts: [CChar] = []
        var offsets: [(Int, Int)] = []
        for (keyword, value) in keywords {
            offsets.append((texts.count, texts.count + keyword.utf8.count + 1))
            texts.append(contentsOf: keyword.utf8CString)
            texts.append(contentsOf: value.utf8CString)
        }
        return texts.withUnsafeBufferPointer { texts in
            let keys: [UnsafePointer<CChar>?] = offsets.map { pair in texts.baseAddress.map { $0 + pair.0 } } + [nil]
            let values: [UnsafePointer<CChar>?] = offsets.map { pair in texts.baseAddress.map { $0 + pair.1 } } + [nil]
            return PQconnectStartParams(keys, values, 1)
        }
    }

    /// Asks the server to stop what the connection is doing. Whether it does is seen on the connection itself.
    static func cancel(_ connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return }
        let request = TransferredPointer(pointer: handle)
        let detached = PosixThread.detach {
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(request.pointer, &message, Int32(message.count))
            PQfreeCancel(request.pointer)
        }
        if !detached { PQfreeCancel(handle) }
    }
}

/// A pointer of libpq's on its way from one thread to another.
///
/// Unchecked, since the sender does not use it again.
struct TransferredPointer: @unchecked Sendable {
    let pointer: OpaquePointer
}
