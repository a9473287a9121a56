extension StringProtocol {
    /// Hands over the text's bytes in UTF-8, without a copy of a native string. To go through them is many times as fast as to go
    /// through `utf8`, which asks at each byte how the text is stored. They must not leave the closure.
    @inlinable
    public func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        try utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}
