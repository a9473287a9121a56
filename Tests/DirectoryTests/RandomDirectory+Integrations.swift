import CanonicalJSON
import Directory
import DirectoryEvents
import EmployeesProjection
import Foundation
import TestSupport

/// Random mutations of apps, and of mappings and preferences of all kinds of entity.
extension RandomDirectory {
    /// Few, in several spellings, so that they collide where they must not, and are told apart where they must be.
    private static let mappedIDs = ["U1", "U1", "u1", "e\u{301}", "\u{E9}"]
    private static let namespaces = ["user", "user", "user", "e\u{301}", "\u{E9}"]
    static let secretNames = ["token", "e\u{301}", "\u{E9}"]
    private static let objects: [JSON] = [[:], ["a": 1], ["a": 1.5, "b": [nil]]]

    mutating func integrationMutation() -> any Mutation {
        switch Int.random(in: 0..<112, using: &random) {
        case 100..<112: webhookMutation()
        case 0..<10 where apps.count < 8: addApp()
        case 0..<18: changeApp()
        case 18..<22: SetStatus(.inactive, of: AppStatus(app()))
        case 22..<28: SetStatus(.active, of: AppStatus(app()))
        case 28..<62: setMapping()
        case 62..<74: RemoveMapping(random.chance(30) || mapped.isEmpty ? mapping() : random.pick(mapped))
        case 74..<90:
            SetPreferences(
                of: anyEntity(), random.pick(Self.namespaces), to: random.pick(Self.objects), id: world.newID())
        default: removePreferences()
        }
    }

    /// Mostly somebody who may do everything.
    mutating func integrationCaller() -> Caller {
        var caller = Caller(.id(random.chance(75) ? accounts[0] : random.pick(accounts)))
        if random.chance(10) { caller.namedOrganization = random.pick(organizations) }
        if random.chance(5) { caller.claimedOrganization = random.pick(organizations) }
        return caller
    }

    private mutating func removePreferences() -> RemovePreferences {
        guard random.chance(70), let (entity, namespace) = preferred.randomElement(using: &random) else {
            return RemovePreferences(of: anyEntity(), random.pick(Self.namespaces))
        }
        return RemovePreferences(of: entity, namespace)
    }

    private mutating func webhookMutation() -> any Mutation {
        // The latest, of which most are there still.
        guard let webhook = webhooks.suffix(4).randomElement(using: &random), random.chance(80) else {
            return CreateWebhook(
                WebhookAddress(random.pick(organizations), world.newID()), url: url(), name: nil, types: [],
                secret: .sealed([1]), hosts: WebhookHosts())
        }
        // Now and then in another organization than its own.
        let address = random.chance(90) ? webhook : WebhookAddress(random.pick(organizations), webhook.id)
        if random.chance(10) { return DeleteWebhook(address) }
        return ChangeWebhook(
            address, url: random.chance(50) ? .keep : .set(url()), name: edit("N"),
            types: random.chance(50) ? .clear : .set(["employee.*"]), isActive: .set(random.chance(50)),
            hosts: WebhookHosts())
    }

    /// Now and then one that is not allowed.
    private mutating func url() -> WebhookURL {
        let texts = ["https://a.example/", "https://a.example/", "https://b.example/x?y", "http://a.example/"]
        guard let url = WebhookURL(random.pick(texts)) else { fatalError("a URL of the test is none") }
        return url
    }

    private mutating func addApp() -> AddApp {
        AddApp(
            AppAddress(random.pick(organizations), world.newID()), type: "SLACK", externalID: nil, name: nil,
            isInternal: nil, appData: random.pick(Self.objects), secrets: secrets())
    }

    private mutating func changeApp() -> ChangeApp {
        ChangeApp(
            app(), type: edit("TYPE"), externalID: random.chance(30) ? .clear : edit("E"), name: edit("N"),
            isInternal: random.chance(30) ? .clear : .set(random.chance(50)),
            appData: random.chance(50) ? .keep : .set(random.pick(Self.objects)), secrets: secrets())
    }

    private mutating func setMapping() -> SetMapping {
        SetMapping(
            mapping(), mappedID: random.pick(Self.mappedIDs), reference: random.chance(50) ? nil : "R",
            data: random.pick(Self.objects), secrets: secrets(), id: world.newID())
    }

    /// Where a mapping is or may be; now and then where none may be, since app and entity do not belong together.
    private mutating func mapping() -> MappingAddress {
        let app = app()
        let entity = random.chance(10) ? anyEntity() : entity(in: app.organization ?? random.pick(organizations))
        return MappingAddress(entity, app.id, random.pick(Self.namespaces))
    }

    private mutating func secrets() -> SecretEdits {
        var edits: [(name: String, edit: FieldEdit<Secret>)] = []
        for name in Self.secretNames {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3: edits.append((name, .set(.digest([UInt8.random(in: 0..<3, using: &random)]))))
            case 3: edits.append((name, .clear))
            case 4: edits.append((name, .keep))
            default: continue
            }
        }
        return SecretEdits(edits)
    }

    private mutating func app() -> AppAddress {
        apps.isEmpty || random.chance(2)
            ? AppAddress(random.pick(organizations), world.newID()) : random.pick(apps)
    }

    private mutating func anyEntity() -> EntityReference { entity(in: random.pick(organizations)) }

    private mutating func entity(in organization: UUID) -> EntityReference {
        let kind = random.pick(EntityKind.allCases)
        let candidates =
            switch kind {
            case .organization: [organization]
            case .account: accounts
            case .employee: employees.filter { world.row($0).organization == organization }
            case .group: groups[organization] ?? []
            }
        return EntityReference(kind, candidates.isEmpty ? world.newID() : random.pick(candidates))
    }
}
