/// The people of the demonstration, managers before their reports.
enum DemonstrationPeople {
    static let name = "Acme"
    static let alias = "acme"
    static let profile = [
        ("timezone", "Europe/Berlin"), ("location", "Berlin"), ("countryCode", "DE"), ("companySize", "8"),
        ("website", "https://acme.example"), ("mission", "Anvils that arrive on time."),
    ]

    /// One of them.
    struct Person {
        let name: String
        let email: String
        let role: String
        let profile: [(String, String)]
        /// The managers, by address, and the types of the lines to them.
        let lines: [(manager: String, type: String)]

        init(_ name: String, _ user: String, _ role: String, in location: String, under lines: [(String, String)] = [])
        {
            self.name = name
            email = "\(user)@acme.example"
            self.role = role
            profile = [("location", location), ("companyRole", role)]
            self.lines = lines.map { ("\($0)@acme.example", $1) }
        }
    }

    static let all = [
        Person("Ada Keller", "ada", "Chief Executive Officer", in: "Berlin"),
        Person("Bruno Silva", "bruno", "Head of Engineering", in: "Lisbon", under: [("ada", "DIRECT")]),
        Person("Chloé Martin", "chloe", "Head of Sales", in: "Lyon", under: [("ada", "DIRECT")]),
        Person("Dmytro Bondar", "dmytro", "Software Engineer", in: "Kyiv", under: [("bruno", "DIRECT")]),
        Person("Emi Tanaka", "emi", "Software Engineer", in: "Osaka", under: [("bruno", "DIRECT")]),
        Person(
            "Femi Adeyemi", "femi", "Sales Engineer", in: "Lagos",
            under: [("chloe", "DIRECT"), ("bruno", "DOTTED_LINE")]),
        Person("Greta Lind", "greta", "Account Executive", in: "Malmö", under: [("chloe", "DIRECT")]),
        Person("Hana Novák", "hana", "People Operations", in: "Prague", under: [("ada", "DIRECT")]),
    ]

    static func index(of email: String) -> Int? { all.firstIndex { $0.email == email } }
}
