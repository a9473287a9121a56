import ArgumentParser

/// Which directory a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            """
            A PostgreSQL 15 or later of your own, as libpq writes it: postgres://user@host/name. No extension and no \
            superuser is needed, only a database that the user owns.
            """,
            valueName: "url"))
    var databaseURL: String?

    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp(
            "A folder for a PostgreSQL that is started and stopped for you, reached through a Unix socket only.",
            valueName: "folder"))
    var dataDirectory: String?

    /// Where the directory is. Options win over the environment.
    func location(_ settings: Settings) throws -> DatabaseLocation {
        switch (databaseURL, dataDirectory) {
        case (let url?, nil): return .server(url)
        case (nil, let folder?): return .folder(folder)
        case (.some, .some): throw ValidationError("Give either --database-url or --data-dir, not both.")
        case (nil, nil): break
        }
        switch (settings.databaseURL, settings.dataDirectory) {
        case (let url?, nil): return .server(url)
        case (nil, let folder?): return .folder(folder)
        case (.some, .some):
            throw ValidationError("DIRECTORY_DATABASE_URL and DIRECTORY_DATA_DIR are both set: unset one of them.")
        case (nil, nil):
            throw ValidationError(
                "Say which directory: --data-dir FOLDER (with a PostgreSQL of its own) or --database-url URL.")
        }
    }
}

/// Where a directory is.
enum DatabaseLocation: Sendable {
    /// In a server that somebody else runs.
    case server(String)
    /// In a folder, with a server of our own.
    case folder(String)
}
