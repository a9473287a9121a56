import ArgumentParser

/// Which directory a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            """
            Your own PostgreSQL (15 or later), as a libpq URL: postgres://user@host/name. No extension and no superuser \
            is needed, only a database that the user owns.
            """,
            valueName: "url"))
    var databaseURL: String?

    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp(
            "A folder for a PostgreSQL that is started and stopped for you, reached through a Unix socket only.",
            valueName: "folder"))
    var dataDirectory: String?

    /// Where the directory is. Options take precedence over the environment.
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
                "Specify a directory: --data-dir FOLDER (with its own PostgreSQL) or --database-url URL.")
        }
    }
}

/// Where a directory is.
enum DatabaseLocation: Sendable {
    /// On a server that this program does not manage.
    case server(String)
    /// In a folder, on a server that this program starts and stops.
    case folder(String)
}
