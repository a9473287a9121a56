/// Limits on what the parser accepts, so that a small text cannot cost much memory or time.
public struct Limits: Sendable, Hashable {
    /// How many arrays and objects may be open at once; a scalar alone has depth 0. Capped at ``depthCeiling``.
    public var maximumDepth: Int
    /// How many elements an array may have.
    public var maximumArrayCount: Int
    /// How many bytes of UTF-8 a string or name may have after its escapes are decoded.
    public var maximumStringBytes: Int
    /// How many members an object may have.
    public var maximumMembers: Int

    /// The upper bound of ``maximumDepth``: the parser and the writer are recursive, and the stack is finite.
    public static let depthCeiling = 512

    public static let `default` = Limits()

    /// For text that this service wrote itself, which was checked when it came in.
    public static let trusted = Limits(
        maximumDepth: 64, maximumArrayCount: .max, maximumStringBytes: .max, maximumMembers: .max)

    /// Creates limits; the defaults suit a request body.
    public init(
        maximumDepth: Int = 64, maximumArrayCount: Int = 10_000, maximumStringBytes: Int = 65_536,
        maximumMembers: Int = 10_000
    ) {
        self.maximumDepth = maximumDepth
        self.maximumArrayCount = maximumArrayCount
        self.maximumStringBytes = maximumStringBytes
        self.maximumMembers = maximumMembers
    }
}
