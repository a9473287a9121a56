import AppsProjection
import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// The statements that read apps of an organization.
enum AppReads {
    /// One app.
    static let byID = ReadStatement<AppAddress, Found<AppColumns?>>(isPoint: true) { columns, sql, caller in
        Found(
            facts: try CallerFacts(&columns, sql, in: "o.id", caller),
            value: try columns.ifPresent("a.id is not null") { try AppColumns(&$0) })
    } _: { sql, parameters, columns in
        """
        select \(columns) from \(sql.account)
        left join \(sql.rows(Organizations.self)) o on o.id = \(parameters.uuid { $0.argument.organization })
        left join \(sql.rows(Apps.self)) a on a.id = \(parameters.uuid { $0.argument.app }) and a.organization = o.id
        """
    }

    /// All apps of an organization.
    static let list = ReadStatement<PageOf<Void>, Keyed<AppColumns>> { columns, _, _ in
        Keyed(key: try columns.int("k.created"), row: try AppColumns(&columns))
    } _: { sql, parameters, columns in
        PageSQL(Apps.self, sql, columns, as: "a", in: parameters.organization()).along(parameters)
    }

    static let forbidden = Refusal.forbidden("Only OWNER, ADMIN and AUDITOR of an organization see its apps.")
}

/// The columns of an app `a`.
struct AppColumns: Sendable {
    let json: [UInt8]
    let since: Position

    init(_ columns: inout Columns) throws {
        json = try columns.bytes("a.json")
        since = try columns.int("a.since")
    }
}

extension APIRequest {
    /// The app that the path names.
    var app: AppAddress { AppAddress(uuid("organization"), uuid("app")) }

    /// Reads an app of an organization whose apps the caller sees.
    func app(_ address: AppAddress, at moment: Moment) async throws -> APIResponse {
        let found = try await AppReads.byID.one(service.reads, caller, moment, address)
        guard found.facts.finds else { throw Refusal.notFound("organization") }
        guard found.facts.has(.readHidden) else { throw AppReads.forbidden }
        guard let app = found.value else { throw Refusal.notFound("app") }
        return APIResponse(.json(app.json), tag: EntityTag(app.since), for: found.facts)
    }
}

extension EntityList {
    /// The apps of an organization.
    static var apps: EntityList { .along(AppReads.list, ()) { app, _ in app.json } }
}
