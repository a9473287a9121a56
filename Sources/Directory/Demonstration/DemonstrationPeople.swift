/// Who works at Acme, the organization of the demonstration: its departments, their teams, and who is in them by now.
enum DemonstrationPeople {
    static let name = "Acme"
    static let alias = "acme"
    static let domain = "acme.example"
    static let profile = [
        "timezone": "Europe/Berlin", "location": "Berlin", "countryCode": "DE", "companySize": "100",
        "website": "https://acme.example", "mission": "Anvils that arrive on time.",
    ]

    /// Somebody, and where they work.
    struct Person {
        let name: String
        let email: String
        let city: String

        /// `name/user/city`
        init(_ text: String) {
            let parts = text.split(separator: "/").map(String.init)
            (name, email, city) = (parts[0], "\(parts[1])@\(domain)", parts[2])
        }
    }

    struct Team {
        let name: String
        /// The titles of its lead and of all others.
        let lead: String, title: String
        /// The lead first.
        let people: [Person]

        init(_ name: String, lead: String, others title: String, _ people: String) {
            self.name = name
            self.lead = lead
            self.title = title
            self.people = people.split(separator: "\n").map { Person(String($0)) }
        }
    }

    struct Department {
        let name: String
        let head: Person
        let title: String
        let teams: [Team]

        init(_ name: String, _ head: String, _ title: String, _ teams: [Team]) {
            self.name = name
            self.head = Person(head)
            self.title = title
            self.teams = teams
        }
    }

    static let chief = Person("Ada Keller/ada/Berlin")

    static var teams: [Team] { departments.flatMap(\.teams) }

    /// Who left, each out of the team in the same place.
    static let formerPeople = """
        Иван Смирнов/ivan.smirnov/Prague
        Rosalind Park/rosalind.park/Seoul
        Victor Hugo Lima/victor.lima/São Paulo
        Sinéad Kelly/sinead.kelly/London
        Kenji Mori/kenji.mori/Osaka
        Laila Haddad/laila.haddad/Beirut
        Antoni Kowalczyk/antoni.kowalczyk/Warsaw
        Rebecca Stone/rebecca.stone/New York
        Vikram Singh/vikram.singh/Mumbai
        Elif Şahin/elif.sahin/Istanbul
        Samuel Adu/samuel.adu/Lagos
        Clara Vogel/clara.vogel/Berlin
        """.split(separator: "\n").map { Person(String($0)) }

    static let everybody =
        [chief] + departments.flatMap { [$0.head] + $0.teams.flatMap(\.people) } + formerPeople

    static let timeZones = [
        "Addis Ababa": "Africa/Addis_Ababa", "Athens": "Europe/Athens", "Bangkok": "Asia/Bangkok",
        "Beirut": "Asia/Beirut", "Berlin": "Europe/Berlin", "Cairo": "Africa/Cairo", "Hanoi": "Asia/Ho_Chi_Minh",
        "Istanbul": "Europe/Istanbul", "Kyiv": "Europe/Kyiv", "Lagos": "Africa/Lagos", "Lisbon": "Europe/Lisbon",
        "London": "Europe/London", "Lyon": "Europe/Paris", "Madrid": "Europe/Madrid", "Malmö": "Europe/Stockholm",
        "Mexico City": "America/Mexico_City", "Mumbai": "Asia/Kolkata", "Nairobi": "Africa/Nairobi",
        "New York": "America/New_York", "Osaka": "Asia/Tokyo", "Prague": "Europe/Prague",
        "São Paulo": "America/Sao_Paulo", "Seoul": "Asia/Seoul", "Singapore": "Asia/Singapore",
        "Sydney": "Australia/Sydney", "Taipei": "Asia/Taipei", "Tbilisi": "Asia/Tbilisi",
        "Tel Aviv": "Asia/Jerusalem", "Toronto": "America/Toronto", "Warsaw": "Europe/Warsaw",
        "Yerevan": "Asia/Yerevan",
    ]
}
