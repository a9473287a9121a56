import Postgres

extension PostgresError {
    /// Whether a read model's schema is not there (any more): a node of another version has swapped it.
    public var isForeignSchema: Bool { sqlState == "42P01" || sqlState == "3F000" }
}
