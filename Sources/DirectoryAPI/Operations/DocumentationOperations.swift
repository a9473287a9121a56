import HTTPTypes

extension Operations {
    /// The description of the API, for programs and for people.
    static let documentation: [Operation] = [
        Operation(
            method: .get, path: "/openapi.json", name: "getOpenAPI",
            summary: "The description of this API (OpenAPI 3.1)",
            resource: .service, number: nil, access: .anyone, response: ResponseShape(schema: "OpenAPI")
        ) { _ in
            APIResponse(body: .json(OpenAPI.bytes), headers: [.cacheControl: "no-cache"])
        },
        Operation(
            method: .get, path: "/docs", name: "getDocs", summary: "The description of this API, as a page",
            resource: .service, number: nil, access: .anyone,
            response: ResponseShape(schema: nil, contentType: "text/html")
        ) { _ in DocumentationPage.reply },
    ]
}
