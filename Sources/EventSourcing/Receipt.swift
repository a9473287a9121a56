import FoundationEssentials

/// Remembers that an idempotent request has been carried out. Neither in the log nor derived from it.
public struct Receipt: Sendable, Equatable {
    /// How long a receipt counts, in microseconds: seven days.
    public static let lifetime: Int64 = 7 * 86_400 * 1_000_000

    /// A digest of the client's key and of all that the key belongs to.
    public var digest: [UInt8]
    /// A digest of the request's body.
    public var fingerprint: [UInt8]
    /// The entity that the request made or changed.
    public var entity: UUID

    /// A receipt, part by part.
    public init(digest: [UInt8], fingerprint: [UInt8], entity: UUID) {
        self.digest = digest
        self.fingerprint = fingerprint
        self.entity = entity
    }
}

/// A receipt that was kept.
public struct KeptReceipt: Sendable, Equatable {
    /// The receipt.
    public let receipt: Receipt
    /// The last event of the request that it belongs to.
    public let position: Position
    /// When that was.
    public let at: Instant

    /// A kept receipt, part by part.
    public init(_ receipt: Receipt, position: Position, at instant: Instant) {
        (self.receipt, self.position, self.at) = (receipt, position, instant)
    }
}
