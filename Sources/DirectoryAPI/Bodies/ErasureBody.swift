import Directory

/// Why an employee or an account is erased.
struct ErasureBody: RequestBody {
    static let name = "Erasure"
    let reason: String

    init(_ fields: BodyFields) { reason = fields.required("reason", .word, example: "GDPR_ART_17") }
}
