/// A pointer of libpq's on its way from one thread to another.
///
/// Unchecked, since it is handed over: whoever sends it does not use it again.
struct ForeignPointer: @unchecked Sendable {
    let pointer: OpaquePointer
}
