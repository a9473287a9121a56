import DirectoryEvents
import Testing

@Suite struct PlaceTests {
    @Test(arguments: [
        "Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Etc/GMT+12", "EST5EDT",
    ])
    func `A time zone is a name of the tz database, old ones included`(_ name: String) {
        #expect(TimeZoneName.contains(name))
    }

    @Test(arguments: [
        "", "Europe/Berlin ", "europe/berlin", "Europe", "Berlin", "CEST", "+01:00", "Asia/\u{212A}olkata", "Mars/Base",
        "Europe/Berlin\nUTC", "posix/Europe/Berlin",
    ])
    func `Anything else is no time zone`(_ name: String) {
        #expect(!TimeZoneName.contains(name))
    }

    @Test func `A country is an assigned code of two capital letters`() {
        for code in ["DE", "AX", "SS", "ZW", "KR"] { #expect(CountryCode.contains(code), "\(code)") }
        for code in ["", "D", "de", "DEU", "XX", "UK", "EU", "SU", "\u{212A}R", "DE FR"] {
            #expect(!CountryCode.contains(code), "\(code)")
        }
    }
}
