import AppsProjection
import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// Changes the named fields of an app.
public struct ChangeApp: PartChange {
    public let address: AppAddress
    private let type: FieldEdit<String>
    private let externalID: FieldEdit<String>
    private let name: FieldEdit<String>
    private let isInternal: FieldEdit<Bool>
    private let appData: FieldEdit<JSON>
    private let secrets: SecretEdits

    public init(
        _ address: AppAddress, type: FieldEdit<String>, externalID: FieldEdit<String>, name: FieldEdit<String>,
        isInternal: FieldEdit<Bool>, appData: FieldEdit<JSON>, secrets: SecretEdits = SecretEdits()
    ) {
        self.address = address
        self.type = type
        self.externalID = externalID
        self.name = name
        self.isInternal = isInternal
        self.appData = appData
        self.secrets = secrets
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<App>) throws -> [ProposedEvent] {
        let app = permit.subject
        var changes = ValueChanges()
        changes.add("type", from: app.type, to: type.applied(to: app.type))
        changes.add(
            "internal", from: app.isInternal.map { .bool($0) },
            to: isInternal.applied(to: app.isInternal).map { .bool($0) })
        changes.add("name", from: app.name, to: name.applied(to: app.name))
        changes.add("externalId", from: app.externalID, to: externalID.applied(to: app.externalID))
        changes.add("appData", from: app.appData.present, to: appData.applied(to: app.appData)?.present)
        let names = try secrets.changes(of: app.id, app.secretNames, view)
        guard !changes.all.isEmpty || !names.isEmpty else { return [] }
        try view.checkActive(app.organization)
        if case .set(let object) = appData { try FreeForm.check(object, at: "/appData") }
        try secrets.check(app.secretNames, names, at: "/secretData")
        var events: [AppEvent] = []
        if !changes.all.isEmpty { events.append(.changed(changes.all)) }
        if !names.isEmpty { events.append(.secretsChanged(names)) }
        return events.map { Proposed(.app(app.id, organization: app.organization, $0)) }
    }

    public func sideWrites(_ view: View, _ permit: Permit<App>) -> [SideWrite] { secrets.writes(to: permit.entity) }
}
