/// Something that needs the connection for itself and outside pipeline mode: a script, a COPY.
///
/// Called on the loop's thread only.
protocol ExclusiveOperation: AnyObject {
    /// What is sent first, by the simple protocol.
    var sql: String { get }
    /// Whether more from the server is welcome now; false holds it back.
    var wantsRead: Bool { get }
    /// Takes what has come and sends what can be sent; true when the connection is free again.
    func advance(on connection: OpaquePointer) -> Bool
    /// Everything that was put into libpq's buffer has been sent.
    func flushed()
    /// The connection has ended.
    func failed(_ error: PostgresError)
}
