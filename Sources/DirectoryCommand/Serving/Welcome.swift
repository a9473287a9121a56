import DirectoryAPI
import EventSourcing
import FoundationEssentials

/// What `serve` prints to stdout once it listens.
struct Welcome: Sendable {
    let host: String
    let location: DatabaseLocation
    let administrator: String?
    /// A token for the administrator, if one is to be shown.
    var token: String?
    /// The first organization in which the administrator has a role.
    var organization: (id: UUID, isOnly: Bool)?

    init(host: String, location: DatabaseLocation, administrator: String?) {
        self.host = host
        self.location = location
        self.administrator = administrator
    }

    /// How long the token is valid, in days.
    private static let days = 30

    /// A token for an account, to try out the API with.
    static func token(_ account: UUID, _ keys: NodeKeys, _ settings: Settings) async throws -> String {
        try await TokenIssuer(secret: keys.jwtSecret).token(
            subject: account.text, expires: Date().timeIntervalSince1970.rounded(.up) + Double(days) * 86_400,
            issuer: settings.jwtIssuer, audience: settings.jwtAudience)
    }

    /// Prints it; if stdout is closed, that is ignored.
    func show(port: Int) { try? Terminal.write(Array(text(port: port).utf8)) }

    func text(port: Int) -> String {
        let address = "http://\(hostInURL):\(port)"
        var text = """

            The directory is ready.

              console        \(console(address))
              address        \(address)
              documentation  \(address)/docs

            """
        if let administrator { text += "  administrator  \(administrator)\n" }
        if let token {
            text +=
                "  token          \(token)\n                 (valid for \(Welcome.days) days; `directory token` creates others)\n"
            text += "\nA request to try:\n\n  \(request(address, token))\n"
        } else if let administrator {
            text += "\n`directory token --account \(administrator) \(option)` prints a token.\n"
        }
        return text + "\nCtrl-C stops it\(isFolder ? "; the data stays in \(folder)" : "").\n\n"
    }

    /// The console; where there is a token, a link that signs in. A fragment is sent to no server.
    private func console(_ address: String) -> String {
        guard let token else { return "\(address)/console" }
        let organization = organization.map { "&org=\($0.id.text)" } ?? ""
        return "\(address)/console#token=\(token)\(organization)"
    }

    private func request(_ address: String, _ token: String) -> String {
        guard let organization else {
            return "curl -H 'Authorization: Bearer \(token)' \(address)/api/v1/organization"
        }
        let header = organization.isOnly ? "" : "-H 'X-Organization: \(organization.id.text)' "
        return "curl -H 'Authorization: Bearer \(token)' \(header)\(address)/api/v1/employee"
    }

    /// Not every address to listen on can be connected to.
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

    /// The URL is left out, since it may contain a password.
    private var option: String { isFolder ? "--data-dir \(folder)" : "--database-url …" }
}
