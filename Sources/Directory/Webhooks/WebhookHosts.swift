/// The hosts that webhooks may reach by `http` and at addresses that are not public, as whoever operates the service allows.
public struct WebhookHosts: Sendable, Equatable {
    private let allowed: Set<String>

    /// None.
    public init() { allowed = [] }

    /// - Parameter list: names and addresses, separated by commas or spaces.
    /// - Returns: `nil` where one of them is neither.
    public init?(_ list: String) {
        var allowed: Set<String> = []
        for entry in list.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let text = entry.lowercased()
            let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
            guard let host = IPAddress(bare)?.description ?? (WebhookURL.isName(text) ? text : nil) else { return nil }
            allowed.insert(host)
        }
        self.allowed = allowed
    }

    /// Whether a host may be reached in every way.
    public func allows(_ host: String) -> Bool { allowed.contains(host) }

    /// Whether a host may be reached at an address that its name was resolved to.
    public func allows(_ address: IPAddress, of url: WebhookURL) -> Bool { allows(url.host) || address.isPublic }

    /// Why a URL is refused, whatever its host's name resolves to, as the end of a sentence that begins with the URL; `nil` where it is not.
    public func fault(in url: WebhookURL) -> String? {
        if allows(url.host) { return nil }
        guard url.isSecure else {
            return "must begin with https://; http is for the hosts that this service allows (DIRECTORY_WEBHOOK_HOSTS)"
        }
        guard url.address?.isPublic != false else {
            return
                "must not name an address that is not public, unless this service allows it (DIRECTORY_WEBHOOK_HOSTS)"
        }
        return nil
    }

    /// - Throws: a refusal that names the field.
    func check(_ url: WebhookURL) throws {
        if let fault = fault(in: url) { throw Refusal.rule(at: "/url", fault) }
    }
}
