/// Whether an entity is active.
public enum Status: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    /// It can be activated again.
    case inactive = "INACTIVE"
    /// For good: its personal data is gone.
    case erased = "ERASED"
}

/// The types that reporting lines, employees and memberships have where none is given, and groups that an import makes.
public enum DefaultType {
    public static let group = "TEAM"
    public static let line = "DIRECT"
    public static let employee = "EMPLOYEE"
    public static let membership = "MEMBER"
}

/// The roles that grants give, and limits of keys name; the highest first, as lists of them show them.
public enum Role: String, Sendable, CaseIterable {
    /// The platform's: acts as OWNER everywhere.
    case systemAdmin = "SYSTEM_ADMIN"
    /// May do everything in its organization, which always has one.
    case owner = "OWNER"
    /// Changes everything in its organization except what concerns its OWNERs.
    case admin = "ADMIN"
    /// Reads the directory, and edits its own profile and those of its reports.
    case manager = "MANAGER"
    /// Reads the directory, and edits its own profile.
    case employee = "EMPLOYEE"
    /// Reads everything in its organization, changes nothing.
    case auditor = "AUDITOR"
}
