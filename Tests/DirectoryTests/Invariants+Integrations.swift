import AppsProjection
import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import MappingsProjection
import OrganizationKeysProjection
import PreferencesProjection
import WebhooksProjection

/// What holds of apps, mappings, preferences and secrets, found by following the log.
struct IntegrationInvariants {
    /// A mapping as its events tell it.
    private struct Known {
        let entity: EntityReference
        let app, organization: UUID
        let namespace: String
        var mappedID = ""
        var secretNames: [String] = []
    }

    private var checked = 0
    private var rounds = 0
    private var apps: [UUID: (organization: UUID, isActive: Bool, secretNames: [String])] = [:]
    private var mappings: [UUID: Known] = [:]
    private var preferences: [UUID: (entity: EntityReference, namespace: String)] = [:]
    private var keys: Set<UUID> = []
    /// Whether each is ACTIVE.
    private var webhooks: [UUID: (organization: UUID, isActive: Bool)] = [:]
    /// What is there no longer: mappings, preferences, keys, webhooks.
    private var gone: Set<UUID> = []
    /// What has been erased, with the entity that had it: mappings and preferences.
    private var erased: Set<UUID> = []
    private var broken: [String] = []

    private mutating func check(_ holds: Bool, _ rule: @autoclosure () -> String) {
        if !holds { broken.append(rule()) }
    }

    /// The rules that are broken, in words.
    mutating func broken(in world: World) throws -> [String] {
        broken = []
        rounds += 1
        for event in world.events[checked...] { try follow(event, world) }
        checked = world.events.count
        checkUniqueness()
        // Rows of their own, which no rule of another entity reads: it is enough to find out soon.
        if rounds.isMultiple(of: 20) { try checkRows(world.view) }
        return broken
    }

    private mutating func follow(_ event: Event<DirectoryEvent>, _ world: World) throws {
        switch event.payload {
        case .app(let app, let organization, let change): follow(change, of: app, at: organization)
        case .entity(let entity, let place, .mappingSet(let app, let id, let namespace, let changes, let secrets)):
            let isNew = mappings[id] == nil
            var known =
                mappings[id]
                ?? Known(
                    entity: entity, app: app, organization: apps[app]?.organization ?? id,
                    namespace: namespace.text ?? "")
            check(!gone.contains(id), "a mapping that was removed is back")
            check(place == apps[app]?.organization, "a mapping is in the trail of another organization than its app's")
            check(known.entity == entity && known.app == app, "a mapping moved")
            if isNew { try checkNew(entity, in: app, world) }
            for change in changes where change.name == "mappedId" { known.mappedID = change.change.to?.string ?? "" }
            check(!changes.isEmpty || !secrets.isEmpty, "an event of a mapping changes nothing")
            known.secretNames = secrets.applied(to: known.secretNames)
            mappings[id] = known
        case .entity(_, _, .mappingRemoved(_, let id, _, _)):
            check(mappings.removeValue(forKey: id) != nil, "a mapping was removed that was not there")
            gone.insert(id)
        case .entity(let entity, let place, .preferencesSet(let id, let namespace, _)):
            check(!gone.contains(id), "preferences that were removed are back")
            check(preferences[id].map { $0.entity == entity } ?? true, "preferences moved")
            check((place == nil) == (entity.kind == .account), "preferences are in the wrong trail")
            preferences[id] = (entity, namespace.text ?? "")
        case .entity(_, _, .preferencesRemoved(let id, _, _)):
            check(preferences.removeValue(forKey: id) != nil, "preferences were removed that were not there")
            gone.insert(id)
        case .entity(let entity, _, .erased):
            for (id, known) in mappings where known.entity == entity { erased.insert(id) }
            for (id, known) in preferences where known.entity == entity { erased.insert(id) }
            for id in erased { (mappings[id], preferences[id]) = (nil, nil) }
        case .webhook(let id, let organization, let change): follow(change, ofWebhook: id, at: organization)
        case .organization(_, .keyCreated(let id, _, _)): keys.insert(id)
        case .organization(_, .keyDeleted(let id, _, _)):
            check(keys.remove(id) != nil, "a key was deleted that was not there")
            gone.insert(id)
        default: break
        }
    }

    private mutating func follow(_ change: AppEvent, of app: UUID, at organization: UUID) {
        if case .added = change { apps[app] = (organization, true, []) }
        guard let old = apps[app] else { return check(false, "an app changed that was not there") }
        check(old.organization == organization, "an app moved")
        switch change {
        case .added: break
        case .changed(let changes): check(!changes.isEmpty, "an event of an app changes nothing")
        case .secretsChanged(let names): apps[app]?.secretNames = names.applied(to: old.secretNames)
        case .deactivated:
            check(old.isActive, "an INACTIVE app was deactivated")
            apps[app]?.isActive = false
        case .activated:
            check(!old.isActive, "an ACTIVE app was activated")
            apps[app]?.isActive = true
        }
    }

    private mutating func follow(_ change: WebhookEvent, ofWebhook id: UUID, at organization: UUID) {
        if case .created = change { webhooks[id] = (organization, true) }
        guard let old = webhooks[id] else { return check(false, "a webhook changed that was not there") }
        check(old.organization == organization, "a webhook moved")
        switch change {
        case .created: break
        case .changed(let changes): check(!changes.isEmpty, "an event of a webhook changes nothing")
        case .disabled:
            check(old.isActive, "an INACTIVE webhook was disabled")
            webhooks[id]?.isActive = false
        case .enabled:
            check(!old.isActive, "an ACTIVE webhook was enabled")
            webhooks[id]?.isActive = true
        case .deleted:
            webhooks[id] = nil
            gone.insert(id)
        }
    }

    /// What is INACTIVE takes no new mapping, and an entity of an organization only to apps of its own.
    private mutating func checkNew(_ entity: EntityReference, in app: UUID, _ world: World) throws {
        check(apps[app]?.isActive == true, "an INACTIVE app took a mapping")
        let place: UUID?
        let isActive: Bool
        switch entity.kind {
        case .account: (place, isActive) = (nil, world.accountRow(entity.id).isActive)
        case .organization: (place, isActive) = (entity.id, world.organizationRow(entity.id).isActive)
        case .employee:
            let row = world.row(entity.id)
            (place, isActive) = (row.organization, row.isActive)
        case .group:
            let row = world.groupRow(entity.id)
            (place, isActive) = (row.organization, row.isActive)
        }
        check(isActive, "an INACTIVE \(entity.kind.word) took a mapping")
        check(place == nil || place == apps[app]?.organization, "an entity is mapped in a foreign app")
    }

    private mutating func checkUniqueness() {
        var ids: Set<[UInt8]> = [], places: Set<[UInt8]> = []
        for known in mappings.values {
            let place = "\(known.app)\n\(known.namespace)\n"
            check(
                ids.insert(Array("\(place)\(known.mappedID)\n\(known.entity.kind)".utf8)).inserted,
                "an id in an app refers to two entities of a kind")
            check(
                places.insert(Array("\(place)\(known.entity.id)".utf8)).inserted,
                "an entity has two mappings of a namespace of an app")
        }
        var namespaces: Set<[UInt8]> = []
        for (entity, namespace) in preferences.values {
            check(
                namespaces.insert(Array("\(entity.id)\n\(namespace)".utf8)).inserted,
                "an entity has two sets of preferences of a namespace")
        }
    }

    /// The rows are those that the events tell, and there are secrets just where they are named.
    private mutating func checkRows(_ view: View) throws {
        for (id, app) in apps {
            check(try view.row(Apps.self, id)?.isActive == app.isActive, "an app differs from its events")
            try checkSecrets(of: id, app.secretNames, view)
        }
        for (id, known) in mappings {
            let row = try view.row(Mappings.self, id)
            check(row?.mappedID.utf8.elementsEqual(known.mappedID.utf8) == true, "a mapping differs from its events")
            check(row?.organization == known.organization, "a mapping is of another organization than its app")
            try checkSecrets(of: id, known.secretNames, view)
        }
        for id in preferences.keys { check(try view.row(Preferences.self, id) != nil, "preferences have no row") }
        for id in keys {
            guard case .sealed? = try view.row(Secrets.self, Secrets.Key(owner: id)) else {
                broken.append("a key has no secret")
                continue
            }
            check(try view.row(OrganizationKeys.self, id) != nil, "a key has no row")
        }
        for (id, webhook) in webhooks {
            let row = try view.row(Webhooks.self, id)
            check(row?.isActive == webhook.isActive, "a webhook differs from its events")
            check(row?.url.hasPrefix("https://") == true, "a webhook has a URL that is not allowed")
            check(try view.row(Secrets.self, Secrets.Key(owner: id)) != nil, "a webhook has no secret")
            check(
                try view.row(WebhookProgresses.self, id)?.organization == webhook.organization,
                "deliveries of a webhook begin nowhere")
        }
        for id in erased {
            check(try view.row(Mappings.self, id) == nil, "a mapping outlived its entity")
            check(try view.row(Preferences.self, id) == nil, "preferences outlived their entity")
        }
        for id in gone {
            check(try view.row(Mappings.self, id) == nil, "a mapping outlived its removal")
            check(try view.row(Preferences.self, id) == nil, "preferences outlived their removal")
            check(try view.row(OrganizationKeys.self, id) == nil, "a key outlived its deletion")
            check(try view.row(Webhooks.self, id) == nil, "a webhook outlived its deletion")
            check(try view.row(WebhookProgresses.self, id) == nil, "deliveries outlived their webhook")
            check(try view.row(Secrets.self, Secrets.Key(owner: id)) == nil, "a secret outlived its key")
            try checkSecrets(of: id, [], view)
        }
    }

    private mutating func checkSecrets(of owner: UUID, _ names: [String], _ view: View) throws {
        for name in RandomDirectory.secretNames {
            let isNamed = names.contains { $0.utf8.elementsEqual(name.utf8) }
            let secret = try view.row(Secrets.self, Secrets.Key(owner: owner, name: name))
            check((secret != nil) == isNamed, "secrets differ from their names")
            if case .sealed? = secret { broken.append("a secret that is only recognised is kept in a form that opens") }
        }
    }
}
