import EventSourcing
import Foundation
import Testing

@testable import Directory

/// What is read from a spreadsheet, and what is said of one that cannot be read.
@Suite struct RosterFileTests {
    private func roster(_ text: String) throws -> RosterFile {
        try RosterFile(parsing: Array(text.utf8), now: World.time(0))
    }

    private func faults(_ text: String) -> [String] {
        do { return try roster(text).faults.map(\.description) } catch { return ["\(error)"] }
    }

    @Test func `Columns are found by their headers, in whichever order and spelling`() throws {
        let roster = try roster(
            """
            Location,E-Mail,Full Name,Manager e-mail,Job title,TYPE,Teams,Employee number,Salary
            Łódź, ada@x.de ,Ada Keller,,CEO,,,,1
            "Rome, EUR",bo@x.de,"Bo ""B"" Lind",Ada@X.de,Engineer,contractor,Platform; Guild ;platform,0042,2
            """)
        #expect(roster.faults.isEmpty && roster.ignoredColumns == ["Salary"])
        #expect(roster.rows.map(\.line) == [2, 3])
        let (ada, bo) = (roster.rows[0], roster.rows[1])
        #expect(ada.email == "ada@x.de" && ada.manager == nil && ada.groups == [])
        #expect(ada.fields == ImportLine.PersonFields(name: "Ada Keller", role: "CEO", profile: ["location": "Łódź"]))
        #expect(bo.managerKey == ada.key && bo.groups == ["Platform", "Guild"] || bo.groups == ["Guild", "platform"])
        #expect(bo.fields.name == #"Bo "B" Lind"# && bo.fields.type == "CONTRACTOR")
        #expect(bo.fields.profile == ["location": "Rome, EUR", "employeeNumber": "0042"])
    }

    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
    func `Separator, line ends and byte order mark are found out`(_ separator: String, _ end: String) throws {
        let rows = [
            ["name", "email", "group"], ["Zoë", "zoe@x.de", #""A;B""#], [#""Line\#(end)two""#, "x@x.de", ""],
            ["", "", ""], ["Юлія", "yu@x.de", "日本"],
        ]
        let text = rows.map { $0.joined(separator: separator) }.joined(separator: end)
        for (mark, last) in [("", ""), ("\u{FEFF}", end)] {
            let roster = try roster(mark + text + last)
            #expect(roster.rows.map(\.line) == [2, 6], "\(roster.faults)")
            #expect(roster.rows.map(\.fields.name) == ["Zoë", "Юлія"])
            #expect(roster.rows.map(\.groups) == [["A", "B"], ["日本"]])
            #expect(
                roster.faults.map(\.description) == [
                    "line 3: name: it has a control character, or an invisible one that no text may have"
                ])
        }
    }

    @Test func `What is wrong with the file as a whole is said at its line`() {
        #expect(faults("") == ["line 1: the file is empty"])
        #expect(faults("\n\n ,,\n") == ["line 1: the file is empty"])
        #expect(
            faults("name,phone\nAda,1")[0].hasPrefix(
                "line 1: the first line must name the columns, and one of them must be email"))
        #expect(
            faults("email,E-Mail\na@x.de,b@x.de") == [
                "line 1: two columns have the same meaning, “email” and “E-Mail”: remove one of them"
            ])
        #expect(
            faults("email,name\na@x.de,Ada\nb@x.de,\"Bo\nc@x.de,Cy\n") == [
                "line 3: a quotation mark that begins a cell here is never closed"
            ])
        for bad in [#"b@x.de,5" disk"#, #"b@x.de,"Bo" B"#, #"b@x.de,"Bo"B""#] {
            #expect(
                faults("email,role\na@x.de,x\n\(bad)\n")[0].hasPrefix(
                    "line 3: a quotation mark in a cell must be doubled"))
        }
    }

    @Test func `Text that is not UTF-8 is named with its line, and what to do`() {
        func error(_ bytes: [UInt8]) -> String? {
            #expect(throws: RosterFault.self) { try RosterFile(parsing: bytes, now: World.time(0)) }?.description
        }
        let latin = Array("email,name\na@x.de,Ada\nb@x.de,Zo".utf8) + [0xEB, 0x0A]
        #expect(error(latin) == "line 3: a letter here is not in UTF-8: save the spreadsheet as “CSV UTF-8”")
        let wide: [UInt8] = [0xFF, 0xFE] + Array("email".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        #expect(error(wide)?.hasPrefix("line 1: the file is in UTF-16") == true)
    }

    @Test func `Every bad row is named, with all that is wrong with it`() {
        let text = """
            name,email,manager_email,role,type,group,birthDate,timezone
            Ada,a@x.de,,Boss,,,1990-12-10,Europe/Rome
            Bo,not an address,Ada Keller,,part time,,10.12.1990,Rome
            ,,,Nobody,,,,
            Cy,c@x.de
            Di,d@x.de,a@x.de,,,,,,one more
            name,email,manager_email,role,type,group,birthDate,timezone
            Ada again,A@X.DE,,,,,,
            Ed,e@x.de,E@x.de,,,,,
            Flo,f@x.de,a@x.de,,,A\u{202E}B,,
            \u{2800},g@x.de,a@x.de,,,,,
            Hal,h@x.de,a@x.de,,,,2100-01-01,
            """
        #expect(
            faults(text) == [
                "line 3: email: it is not an e-mail address",
                "line 3: type: it must be 1 to 64 of the characters A-Z, 0-9, _ and -",
                "line 3: birthDate: it is not a date from 1900-01-01 to today, written as 1990-11-24",
                "line 3: timezone: it is not a name of the tz database such as Europe/Berlin",
                "line 3: manager_email: it is not an e-mail address",
                "line 4: email: it is empty, but people are told apart by it",
                "line 5: there are 2 cells, but the header has 8: a cell that has the separator in it must be in quotation marks",
                "line 6: there are 9 cells, but the header has 8: a cell that has the separator in it must be in quotation marks",
                "line 7: the header is repeated here: remove this line",
                "line 8: email: line 2 has this person already: put both into one row",
                "line 9: manager_email: people cannot report to themselves",
                "line 10: group: a name of a group has a control character, or an invisible one that no text may have",
                "line 11: name: it has no visible character",
                "line 12: birthDate: it is not a date from 1900-01-01 to today, written as 1990-11-24",
            ])
    }

    @Test func `A cell of any size is judged, not cut`() throws {
        let huge = String(repeating: "é", count: 1 << 15)
        let roster = try roster(
            "email,name,group\na@x.de,\(huge),\nb@x.de,Bo,\"\(huge)\"\n\(huge)@x.de,Cy,\nd@x.de,Di,\n")
        #expect(roster.rows.map(\.line) == [5])
        #expect(roster.faults.map(\.line) == [2, 3, 4])
        #expect(roster.faults[0].reason == "it is longer than 256 bytes")
    }

    @Test func `People who report to each other in a circle are all named`() {
        let text = """
            email,manager
            a@x.de,c@x.de
            b@x.de,A@x.de
            c@x.de,b@x.de
            d@x.de,c@x.de
            e@x.de,
            """
        let reason = "manager: the people of lines 2, 3, 4 report to each other in a circle"
        #expect(Set(faults(text)) == Set([2, 3, 4].map { "line \($0): \(reason)" }))
    }

    @Test func `Marks after separators and quotation marks make no cell of two`() {
        for text in ["email,name\na@x.de,\u{301}Ada\n", "email,name\na@x.de,\"\u{301}Ada\"\n"] {
            // The parser reads characters, and a separator with a mark is none: such a row must not be imported as another.
            #expect(!faults(text).isEmpty)
        }
    }
}
