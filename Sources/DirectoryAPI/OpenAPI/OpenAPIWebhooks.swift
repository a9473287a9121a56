import CanonicalJSON

/// The webhooks object of the description: what the service itself sends to the URL of a webhook, and what its answers mean.
enum OpenAPIWebhooks {
    static let json: JSON = [
        "event": [
            "post": [
                "operationId": "deliverEvent",
                "summary": "Deliver event to webhook",
                "description": .string(description),
                "tags": [.string(Resource.webhooks.rawValue)],
                "security": [],
                "parameters": .array(WebhookSignature.Header.allCases.map(parameter)),
                "requestBody": [
                    "required": true,
                    "content": .object([
                        JSON.Member(name: AuditEntry.cloudEventType, value: ["schema": OpenAPI.reference("CloudEvent")])
                    ]),
                ],
                "responses": [
                    "2XX": ["description": "The event is delivered; the next one is sent."],
                    "410": ["description": "The receiver is gone for good: the webhook is disabled."],
                    "429": busy, "503": busy,
                    "default": [
                        "description": """
                        A failure, as are a redirection and no answer within 30 seconds: the same event is sent again later.
                        """
                    ],
                ],
            ]
        ]
    ]

    private static let description = """
        Each entry of the organization's audit trail that the webhook asks for, sent by this service to the webhook's URL: in order \
        of position, one at a time, each at least once. The body is a CloudEvent whose `data` is the entry, as an AUDITOR is shown it.

        It is signed as Standard Webhooks 1.0 says, with the `secret` that was shown when the webhook was created. A test \
        (`testWebhook`) is signed and sent likewise, as a CloudEvent of type `webhook.test` whose `data` has just the ids of \
        `organization` and `webhook`.
        """

    private static let busy: JSON = [
        "description":
            "The receiver is busy: the same event is sent again later, not before the time in `Retry-After`.",
        "headers": [
            "Retry-After": [
                "description": "A number of seconds, or a time as HTTP writes it; at most a day counts.",
                "schema": ["type": "string"],
            ]
        ],
    ]

    private static func parameter(_ header: WebhookSignature.Header) -> JSON {
        let (schema, meaning): (JSON, String) =
            switch header {
            case .id: (["type": "string", "format": "uuid"], "The id of the event; the same in each attempt at it.")
            case .timestamp: (["type": "integer"], "When this attempt is made, in seconds since 1970.")
            case .signature:
                (
                    ["type": "string"],
                    """
                    `v1,` and, in base64, the HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>` under the bytes that the secret \
                    has in base64 after `whsec_`.
                    """
                )
            }
        return OpenAPIParameters.parameter(header.rawValue, in: "header", schema, meaning, isRequired: true)
    }
}
