/// The advisory locks that the directory takes in its database. All have the same first key; the second says which it is.
public enum AdvisoryLock: Int32, Sendable {
    /// Under which events get their positions and read models are swapped; `log.lock` and `log.append` take it.
    case append = 1
    /// Under which the schema is brought up to date.
    case migrations = 2
    /// Under which read models are made, rebuilt or swapped.
    case readModels = 3
    /// Under which a history is imported.
    case imports = 4
    /// Under which events are delivered to webhooks.
    case webhooks = 5

    /// The first key.
    public static let firstKey: Int32 = 7_021_966

    /// Both keys, as the arguments of `pg_advisory_lock` and its relatives.
    public var keys: String { "\(Self.firstKey), \(rawValue)" }
}
