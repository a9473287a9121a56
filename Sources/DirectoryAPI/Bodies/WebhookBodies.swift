import Directory
import DirectoryEvents

/// The body that creates a webhook.
struct NewWebhook: RequestBody {
    static let name = "NewWebhook"
    /// `nil` only in a body that is refused.
    let url: WebhookURL?
    let webhookName: String?
    let types: [String]

    init(_ fields: BodyFields) {
        url = WebhookURL(fields.required("url", .webhookURL))
        webhookName = fields.optional("name", .text(.name), example: "Payroll")
        types = fields.editEventTypes("types").applied(to: nil) ?? []
    }
}

/// The body that changes a webhook.
struct WebhookPatch: RequestBody {
    static let name = "WebhookPatch"
    let url: FieldEdit<WebhookURL>
    let webhookName: FieldEdit<String>
    let types: FieldEdit<[String]>
    let isActive: FieldEdit<Bool>

    init(_ fields: BodyFields) {
        if case .set(let text) = fields.edit("url", .webhookURL, isNullable: false), let url = WebhookURL(text) {
            self.url = .set(url)
        } else {
            url = .keep
        }
        webhookName = fields.edit("name", .text(.name), example: "Payroll")
        types = fields.editEventTypes("types")
        isActive = fields.editFlag("active", isNullable: false)
    }
}
