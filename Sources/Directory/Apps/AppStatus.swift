import AppsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An INACTIVE app is not searched for any longer, and takes no new mapping.
public struct AppStatus: StatusRules {
    private let address: AppAddress

    public init(_ address: AppAddress) { self.address = address }

    public var loads: [Load] { address.loads }

    public func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<App> {
        try view.permit(toChange: address, caller)
    }

    public func activation(of app: App, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(app.organization)
        return [Proposed(.app(app.id, organization: app.organization, .activated))]
    }

    public func deactivation(of app: App, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(app.organization)
        return [Proposed(.app(app.id, organization: app.organization, .deactivated))]
    }
}
