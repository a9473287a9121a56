import CLibPQ

/// What blocks in libpq although it is called non-blocking, on threads of its own: resolving a name, sending a cancel.
///
/// Of a URL with several hosts only the first is resolved here. Should it not answer, libpq resolves the next inside
/// `PQconnectPoll`, so on the loop's thread, which then stands still for as long as the resolver takes.
enum Dialer {
    /// Begins to connect. The answer comes on the helper's thread; nil if there was no memory.
    static func start(
        _ keywords: [(String, String)], _ completion: @escaping @Sendable (ForeignPointer?) -> Void
    ) -> Bool {
        PosixThread.detach { completion(connect(keywords).map(ForeignPointer.init)) }
    }

    private static func connect(_ keywords: [(String, String)]) -> OpaquePointer? {
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
    ///
    /// The completion is called when the signal was sent, so when it can not hit a later statement any more.
    static func cancel(_ connection: OpaquePointer, _ completion: @escaping @Sendable () -> Void) {
        guard let handle = PQgetCancel(connection) else { return completion() }
        let request = ForeignPointer(pointer: handle)
        let detached = PosixThread.detach {
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(request.pointer, &message, Int32(message.count))
            PQfreeCancel(request.pointer)
            completion()
        }
        if !detached {
            PQfreeCancel(handle)
            completion()
        }
    }
}
