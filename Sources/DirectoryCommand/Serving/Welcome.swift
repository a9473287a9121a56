import DirectoryAPI
import EventSourcing
import FoundationEssentials

/// What `serve` says on stdout once it listens.
struct Welcome: Sendable {
    let host: String
    let location: DatabaseLocation
    let administrator: String?
    /// A token of the administrator's, where one is to be shown.
    var token: String?
    /// The organization that the administrator owns first.
    var organization: (id: UUID, isOnly: Bool)?

    init(host: String, location: DatabaseLocation, administrator: String?) {
        self.host = host
        self.location = location
        self.administrator = administrator
    }

    /// How long a shown token is valid.
    private static let days = 30

    /// A token of an account's, to look around with.
    static func token(_ account: UUID, _ keys: NodeKeys, _ settings: Settings) async throws -> String {
        try await TokenIssuer(secret: keys.jwtSecret).token(
            subject: account.text, expires: Date().timeIntervalSince1970.rounded(.up) + Double(days) * 86_400,
            issuer: settings.jwtIssuer, audience: settings.jwtAudience)
    }

    /// Shows it. Whoever has closed stdout does not want it.
    func show(port: Int) { try? Terminal.write(Array(text(port: port).utf8)) }

    func text(port: Int) -> String {
        let address = "http://\(hostInURL):\(port)"
        var text = """

            The directory is ready.

              address        \(address)
              documentation  \(address)/docs

            """
        if let administrator { text += "  administrator  \(administrator)\n" }
        if let token {
            text +=
                "  token          \(token)\n                 (valid for \(Welcome.days) days; `directory token` makes others)\n"
            text += "\nA request to try:\n\n  \(request(address, token))\n"
        } else if let administrator {
            text += "\n`directory token --account \(administrator) \(option)` makes a token.\n"
        }
        return text + "\nCtrl-C stops it\(isFolder ? "; the data stays in \(folder)" : "").\n\n"
    }

    private func request(_ address: String, _ token: String) -> String {
        guard let organization else {
            return "curl -H 'Authorization: Bearer \(token)' \(address)/api/v1/organization"
        }
        let header = organization.isOnly ? "" : "-H 'X-Organization: \(organization.id.text)' "
        return "curl -H 'Authorization: Bearer \(token)' \(header)\(address)/api/v1/employee"
    }

    /// An address to listen on is not always one to connect to.
    private var hostInURL: String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }

    private var folder: String {
        if case .folder(let folder) = location { return folder }
        return ""
    }

    private var isFolder: Bool { !folder.isEmpty }

    /// Without the URL, which may hold a password.
    private var option: String { isFolder ? "--data-dir \(folder)" : "--database-url …" }
}
