extension DemonstrationPeople {
    static let departments = [
        Department(
            "Engineering", "Bruno Silva/bruno/Lisbon", "Head of Engineering",
            [
                Team(
                    "Platform", lead: "Platform Lead", others: "Software Engineer",
                    """
                    Dmytro Bondar/dmytro/Kyiv
                    田中 恵美/emi.tanaka/Osaka
                    Юлія Коваленко/yulia.kovalenko/Kyiv
                    Oluwaseun Okafor/seun.okafor/Lagos
                    김민준/minjun.kim/Seoul
                    Zoë de Vries/zoe.devries/Berlin
                    Γιώργος Παπαδόπουλος/giorgos.papadopoulos/Athens
                    Priya Raghavan/priya.raghavan/Mumbai
                    Tomás Ó Briain/tomas.obriain/London
                    """),
                Team(
                    "Mobile", lead: "Mobile Lead", others: "Mobile Engineer",
                    """
                    Łukasz Wiśniewski/lukasz.wisniewski/Warsaw
                    李伟/wei.li/Singapore
                    Nguyễn Thị Hương/huong.nguyen/Hanoi
                    נועה לוי/noa.levi/Tel Aviv
                    Mateo García/mateo.garcia/Madrid
                    Amina Yusuf/amina.yusuf/Nairobi
                    Björn Åkesson/bjorn.akesson/Malmö
                    """),
                Team(
                    "Data", lead: "Data Lead", others: "Data Engineer",
                    """
                    नेहा शर्मा/neha.sharma/Mumbai
                    ნინო ბერიძე/nino.beridze/Tbilisi
                    Ahmet Yılmaz/ahmet.yilmaz/Istanbul
                    Ingrid Sørensen/ingrid.sorensen/Malmö
                    Rafael Nogueira/rafael.nogueira/São Paulo
                    佐藤 健/ken.sato/Osaka
                    Camille Lefèvre/camille.lefevre/Lyon
                    """),
                Team(
                    "Quality", lead: "Quality Lead", others: "Test Engineer",
                    """
                    Արամ Սարգսյան/aram.sargsyan/Yerevan
                    Kateřina Dvořáková/katerina.dvorakova/Prague
                    Chukwuemeka Eze/emeka.eze/Lagos
                    สมชาย ใจดี/somchai.jaidee/Bangkok
                    Deirdre O’Connor/deirdre.oconnor/London
                    Hüseyin Kaya/huseyin.kaya/Istanbul
                    """),
            ]),
        Department(
            "Product", "نور حداد/noor.haddad/Beirut", "Head of Product",
            [
                Team(
                    "Design", lead: "Design Lead", others: "Product Designer",
                    """
                    Emi Nakagawa/emi.nakagawa/Osaka
                    Sofía Hernández/sofia.hernandez/Mexico City
                    박서연/seoyeon.park/Seoul
                    Jean-Luc Moreau/jeanluc.moreau/Lyon
                    Anna-Lena Groß/annalena.gross/Berlin
                    Tendai Moyo/tendai.moyo/Nairobi
                    """),
                Team(
                    "Research", lead: "Research Lead", others: "User Researcher",
                    """
                    Ελένη Νικολάου/eleni.nikolaou/Athens
                    Ravi Menon/ravi.menon/Mumbai
                    Leila Farahani/leila.farahani/London
                    Jun Watanabe/jun.watanabe/Osaka
                    Beatriz Almeida/beatriz.almeida/Lisbon
                    """),
            ]),
        Department(
            "Sales", "Chloé Martin/chloe/Lyon", "Head of Sales",
            [
                Team(
                    "Europe", lead: "Sales Lead, Europe", others: "Account Executive",
                    """
                    Greta Lind/greta/Malmö
                    Pedro Carvalho/pedro.carvalho/Lisbon
                    Агнешка Петрова/agneshka.petrova/Prague
                    Giulia D’Angelo/giulia.dangelo/Madrid
                    Oisín Byrne/oisin.byrne/London
                    Katarzyna Zając/katarzyna.zajac/Warsaw
                    Lars Østergaard/lars.ostergaard/Berlin
                    Maëlle Rousseau/maelle.rousseau/Lyon
                    """),
                Team(
                    "Americas", lead: "Sales Lead, Americas", others: "Account Executive",
                    """
                    Femi Adeyemi/femi/New York
                    Valentina Rojas/valentina.rojas/Mexico City
                    Marcus Johnson/marcus.johnson/New York
                    Thaís Oliveira/thais.oliveira/São Paulo
                    Émile Gagnon/emile.gagnon/Toronto
                    Wanjiru Kamau/wanjiru.kamau/Toronto
                    José Ángel Núñez/joseangel.nunez/Mexico City
                    """),
                Team(
                    "Asia Pacific", lead: "Sales Lead, Asia Pacific", others: "Account Executive",
                    """
                    陳美玲/meiling.chen/Taipei
                    Arjun Iyer/arjun.iyer/Mumbai
                    Siti Nurhaliza Rahman/siti.rahman/Singapore
                    鈴木 一郎/ichiro.suzuki/Osaka
                    Phạm Văn Đức/duc.pham/Hanoi
                    Charlotte Nguyen/charlotte.nguyen/Sydney
                    ณัฐพล ศรีสุข/nattapon.srisuk/Bangkok
                    """),
            ]),
        Department(
            "Operations", "Abebe Bekele/abebe.bekele/Addis Ababa", "Head of Operations",
            [
                Team(
                    "Logistics", lead: "Logistics Lead", others: "Logistics Planner",
                    """
                    Mehmet Demir/mehmet.demir/Istanbul
                    Grzegorz Brzęczyszczykiewicz/grzegorz.b/Warsaw
                    محمود عبد الله/mahmoud.abdallah/Cairo
                    Oksana Shevchenko/oksana.shevchenko/Kyiv
                    Kwame Mensah/kwame.mensah/Lagos
                    Astrid Holm/astrid.holm/Malmö
                    Diego Fernández/diego.fernandez/Madrid
                    Hiroshi Ōno/hiroshi.ono/Osaka
                    """),
                Team(
                    "Support", lead: "Support Lead", others: "Support Specialist",
                    """
                    Ngozi Nwosu/ngozi.nwosu/Lagos
                    דוד כהן/david.cohen/Tel Aviv
                    Ana Marković/ana.markovic/Prague
                    Lucía Romero/lucia.romero/Mexico City
                    አልማዝ ተስፋዬ/almaz.tesfaye/Addis Ababa
                    Patrick Ouedraogo/patrick.ouedraogo/Lyon
                    Mei Fong/mei.fong/Singapore
                    Наталія Мельник/natalia.melnyk/Kyiv
                    Liam Walsh/liam.walsh/Sydney
                    """),
            ]),
        Department(
            "Finance", "Sanjay Gupta/sanjay.gupta/London", "Head of Finance",
            [
                Team(
                    "Accounting", lead: "Accounting Lead", others: "Accountant",
                    """
                    Marie Dubois/marie.dubois/Lyon
                    Pavel Novotný/pavel.novotny/Prague
                    Helena Costa/helena.costa/Lisbon
                    Yosef Mizrahi/yosef.mizrahi/Tel Aviv
                    Ruth Achieng/ruth.achieng/Nairobi
                    """)
            ]),
        Department(
            "People", "Hana Novák/hana/Prague", "Head of People",
            [
                Team(
                    "Recruiting", lead: "Recruiting Lead", others: "Recruiter",
                    """
                    Isabel Moreno/isabel.moreno/Madrid
                    Fatima Zahra Alaoui/fatima.alaoui/Lyon
                    이지은/jieun.lee/Seoul
                    Owen Griffiths/owen.griffiths/London
                    """),
                Team(
                    "Workplace", lead: "Workplace Lead", others: "Workplace Coordinator",
                    """
                    Stefan Weiß/stefan.weiss/Berlin
                    Małgorzata Lewandowska/malgorzata.lewandowska/Warsaw
                    Ximena Paredes/ximena.paredes/Mexico City
                    Tariq Mansour/tariq.mansour/Cairo
                    Nia Hughes/nia.hughes/London
                    """),
            ]),
    ]
}
