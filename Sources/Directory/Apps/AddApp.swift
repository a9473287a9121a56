import AppsProjection
import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Adds an app to those that an organization uses.
public struct AddApp: PartAddition {
    public let address: AppAddress
    private let type: String
    private let externalID: String?
    private let name: String?
    private let isInternal: Bool?
    private let appData: JSON?
    private let secrets: SecretEdits

    /// - Parameter address: the organization, and the id that the app gets.
    public init(
        _ address: AppAddress, type: String, externalID: String?, name: String?, isInternal: Bool?, appData: JSON?,
        secrets: SecretEdits = SecretEdits()
    ) {
        self.address = address
        self.type = type
        self.externalID = externalID
        self.name = name
        self.isInternal = isInternal
        self.appData = appData
        self.secrets = secrets
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        try FreeForm.check(appData, at: "/appData")
        try view.checkRoom(for: Apps.self, in: organization)
        var events: [AppEvent] = [
            .added(
                type: type, internal: isInternal, name: name.map { Erasable($0) },
                externalID: externalID.map { Erasable($0) }, appData: appData?.present.map { .value($0) })
        ]
        let names = try secrets.changes(of: address.id, [], view)
        try secrets.check([], names, at: "/secretData")
        if !names.isEmpty { events.append(.secretsChanged(names)) }
        return events.map { Proposed(.app(address.id, organization: organization, $0)) }
    }

    public func sideWrites(_ view: View, _ permit: Permit<Organization>) -> [SideWrite] {
        secrets.writes(to: address.id)
    }
}
