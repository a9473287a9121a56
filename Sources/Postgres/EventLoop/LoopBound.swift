/// Carries a value that belongs to the loop's thread through code on other threads, which may hold it but not use it.
///
/// Unchecked, since the value is reached on that one thread only; debug builds assert it at each access.
final class LoopBound<Value>: @unchecked Sendable {
    private let bound: Value
    private let loop: LoopThread

    init(_ value: Value, on loop: LoopThread) {
        bound = value
        self.loop = loop
    }

    var value: Value {
        assert(loop.isCurrent, "off the loop's thread")
        return bound
    }
}
