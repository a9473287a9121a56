import TestSupport
import Testing

@testable import DirectoryAPI

/// Every operation, requested with tokens that are not valid, and without an organization.
extension AuthorizationWalkTests {
    @Test func `Every operation refuses every token that is not valid, and nothing changes`() async throws {
        let server = try await Server.start()
        // Another node of the same log, which expects an audience.
        let strict = try await Server.start(database: server.database) {
            $0.requirements = TokenVerifier.Requirements(audience: "directory")
        }
        let cast = try await Cast.make(server)
        let place = try await Place.make(server, cast.organization, cast.owner, manager: nil)
        let tokens = try await invalidTokens(of: cast, server)
        let database = TestDatabase(url: server.database)
        let before = try await database.number("select max(position) from log.events")
        for operation in Operations.all {
            if case .anyone = operation.access { continue }
            let question = question(operation, place)
            for (what, token) in tokens {
                let answer = try await strict.send(
                    operation.method.rawValue, path(operation, place) + question.query, token: token,
                    body: question.body.map { Array($0.utf8) })
                #expect(answer.status == 401, "\(operation.name): \(what)")
            }
        }
        #expect(try await database.number("select max(position) from log.events") == before)
        let valid = HandmadeToken.make(#"{"sub":"\#(cast.owner.id)","exp":4102444800,"aud":"directory"}"#)
        #expect(try await strict.send("GET", "/account/me", token: valid).status == 200)
        try await strict.stop()
        try await server.stop()
    }

    /// Tokens that are each wrong in one way, for a node that expects an audience.
    private func invalidTokens(of cast: Cast, _ server: Server) async throws -> [(what: String, token: String?)] {
        let id = cast.owner.id
        func claims(_ subject: String, _ more: String = "") -> String {
            #"{"sub":"\#(subject)","exp":4102444800,"aud":"directory"\#(more)}"#
        }
        let good = claims(id)
        let audience = #","aud":"directory""#
        let key = try await server.makeKey(cast.organization, by: cast.owner)
        let other = try await server.makeKey(cast.organization, by: cast.owner)
        let deleted = try await server.makeKey(cast.organization, by: cast.owner)
        try await server.delete("/organization/\(cast.organization)/keys/\(deleted.id)", as: cast.owner)
        let asleep = try await server.makeOrganization(cast.owner)
        let sleeping = try await server.makeKey(asleep, by: cast.owner)
        try await server.delete("/organization/\(asleep)", as: cast.owner)
        let none = #"{"alg":"none","typ":"JWT"}"#
        return [
            ("none at all", nil), ("empty", ""),
            ("expired", HandmadeToken.make(#"{"sub":"\#(id)","exp":1,"aud":"directory"}"#)),
            ("without expiry", HandmadeToken.make(#"{"sub":"\#(id)","aud":"directory"}"#)),
            ("not valid yet", HandmadeToken.make(claims(id, #","nbf":4102444799"#))),
            ("forged", HandmadeToken.signed(claims(server.admin.id), as: HandmadeToken.make(good))),
            ("of another secret", HandmadeToken.make(good, secret: Array("another secret of the same use".utf8))),
            ("of an unknown kid", HandmadeToken.make(good, header: #"{"alg":"HS256","kid":"unknown"}"#)),
            ("for another audience", HandmadeToken.make(#"{"sub":"\#(id)","exp":4102444800,"aud":"others"}"#)),
            ("for no audience", HandmadeToken.make(#"{"sub":"\#(id)","exp":4102444800}"#)),
            ("none, without a signature", HandmadeToken.make(good, header: none).prefix { $0 != "." } + "."),
            ("none, with a signature", HandmadeToken.make(good, header: none)),
            ("of another algorithm", HandmadeToken.make(good, header: #"{"alg":"HS512"}"#)),
            ("of another key", key.token(id, audience, kid: other.id)),
            ("of a key, for another audience", key.token(id, #","aud":"others""#)),
            ("of a deleted key", deleted.token(id, audience)),
            ("of the key of an INACTIVE organization", sleeping.token(id, audience)),
            ("of a key, for an account without a role there", key.token(cast.stranger.id, audience)),
            ("of a key, for another organization", key.token(id, audience + #","org":"\#(cast.foreign)""#)),
            ("of an INACTIVE account", HandmadeToken.make(claims(cast.inactive.id))),
            ("of an unknown account", HandmadeToken.make(claims("01890000-0000-7000-8000-000000000000"))),
        ]
    }

    /// The operations that are about the current organization, where the path names nothing that belongs to one.
    private static let needsOrganization: Set<String> = [
        "updateCurrentOrganization", "getCurrentOrganizationProfile", "replaceCurrentOrganizationProfile",
        "updateCurrentOrganizationProfile", "createCurrentOrganizationKey", "deleteCurrentOrganizationKey",
        "listOrganizationAdmins", "listAccountsOfOrganization", "listEmployees", "createEmployee", "getOwnEmployee",
        "findEmployeesByName", "getEmployeeByAccount", "listGroups", "createGroup", "listDifferences",
    ]

    /// What those get who may not read the trail of the organization that is meant: asked about none, it is the trail of what they
    /// may read, if only of themselves, and nothing else is found in it.
    private static let ofTrail = [
        "listAudit": 200, "exportAudit": 200, "streamAudit": 200, "getLogEntry": 404, "getInclusionProof": 404,
        "getOpening": 404,
    ]

    @Test(arguments: ["OWNER", "ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR"])
    func `Without a current organization, what needs one is 400, and the rest is as ever`(_ role: String) async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let callers = [
            "OWNER": cast.owner, "ADMIN": cast.administrator, "MANAGER": cast.manager, "EMPLOYEE": cast.employee,
            "AUDITOR": cast.auditor,
        ]
        let caller = try #require(callers[role])
        // Who has a role in one organization only does not lack a current one.
        try await server.grant(role, to: caller, in: cast.foreign, by: cast.stranger)
        let place = try await Place.make(server, cast.organization, cast.owner, manager: cast.managerEmployee)
        let column = try #require(Expected.callers.firstIndex(of: role))
        for operation in Operations.all.sorted(by: { $1.name == "createOrganization" && $0.name != $1.name }) {
            guard let expected = Expected.byOperation[operation.name] else { continue }
            let status = try await ask(operation, about: place, caller, server, states: false)
            let isRefused = Self.needsOrganization.contains(operation.name)
            let stated = expected.statuses(false)[column]
            let unstated = stated == 403 ? Self.ofTrail[operation.name] ?? stated : stated
            #expect(status == (isRefused ? 400 : unstated), "\(operation.name) by \(role)")
        }
    }

    /// What somebody without any organization gets, where it is neither 400 for the lack of one nor 404.
    private static let ofNobody = [
        "listOrganizations": 200, "createOrganization": 201, "listAccounts": 200, "createAccount": 403,
        "getOwnAccount": 200, "listOrganizationsByApp": 403, "listOrganizationsByAppId": 403,
        "listOrganizationsByAppData": 403, "listOrganizationsByAppSecret": 403, "listAudit": 200, "exportAudit": 200,
        "streamAudit": 200, "getHealth": 200, "getReadiness": 200, "getOpenAPI": 200, "getDocs": 200,
        "getCheckpoint": 200, "getVerifierKeys": 200,
        "getConsistencyProof": 200, "getTile": 403, "getEntryBundle": 403,
    ]

    @Test func `Somebody without any organization finds nothing of those of others`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let place = try await Place.make(server, cast.organization, cast.owner, manager: nil)
        let nobody = try await server.makeAccount("nobody", by: server.admin)
        for operation in Operations.all.sorted(by: { $1.name == "createOrganization" && $0.name != $1.name }) {
            let status = try await ask(operation, about: place, nobody, server, states: false)
            let expected = Self.needsOrganization.contains(operation.name) ? 400 : Self.ofNobody[operation.name] ?? 404
            #expect(status == expected, "\(operation.name)")
        }
    }
}
