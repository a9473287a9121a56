/// What the parser accepts at most, so that a small text cannot cost much memory or time.
public struct Limits: Sendable, Hashable {
    /// How many arrays and objects may be open at once; a scalar alone has depth 0. At most ``depthCeiling`` counts.
    public var maximumDepth: Int
    /// How many elements one array may have.
    public var maximumArrayCount: Int
    /// How many bytes of UTF-8 one string or name may have once its escapes are decoded.
    public var maximumStringBytes: Int
    /// How many members one object may have.
    public var maximumMembers: Int

    /// The greatest depth that any limit allows: the parser and the writer descend by recursion, and a stack is finite.
    public static let depthCeiling = 512

    /// The limits used when none are given.
    public static let `default` = Limits()

    /// For text that this service wrote itself: it has passed the door already.
    public static let trusted = Limits(
        maximumDepth: 64, maximumArrayCount: .max, maximumStringBytes: .max, maximumMembers: .max)

    /// Limits; each has a default that suits a request body.
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
