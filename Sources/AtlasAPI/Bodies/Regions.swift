extension AtlasAPI {
    /// The regions of the cloud providers, as Atlas spells them.
    ///
    /// AWS's own spelling is the same in lower case with dashes (contract section 4.2).
    static let regions: [String: Set<String>] = [
        "AWS": words(
            """
            US_EAST_1 US_EAST_2 US_WEST_1 US_WEST_2 US_GOV_EAST_1 US_GOV_WEST_1 CA_CENTRAL_1 CA_WEST_1 MX_CENTRAL_1 SA_EAST_1
            EU_NORTH_1 EU_CENTRAL_1 EU_CENTRAL_2 EU_WEST_1 EU_WEST_2 EU_WEST_3 EU_SOUTH_1 EU_SOUTH_2 ME_CENTRAL_1 ME_SOUTH_1
            IL_CENTRAL_1 AF_SOUTH_1 AP_EAST_1 AP_EAST_2 AP_SOUTH_1 AP_SOUTH_2 AP_NORTHEAST_1 AP_NORTHEAST_2 AP_NORTHEAST_3
            AP_SOUTHEAST_1 AP_SOUTHEAST_2 AP_SOUTHEAST_3 AP_SOUTHEAST_4 AP_SOUTHEAST_5 AP_SOUTHEAST_6 AP_SOUTHEAST_7
            CN_NORTH_1 CN_NORTHWEST_1
            """
        ),
        "AZURE": words(
            """
            US_CENTRAL US_EAST US_EAST_2 US_NORTH_CENTRAL US_SOUTH_CENTRAL US_WEST US_WEST_2 US_WEST_3 US_WEST_CENTRAL
            CANADA_CENTRAL CANADA_EAST MEXICO_CENTRAL BRAZIL_SOUTH BRAZIL_SOUTHEAST EUROPE_NORTH EUROPE_WEST FRANCE_CENTRAL
            FRANCE_SOUTH GERMANY_NORTH GERMANY_WEST_CENTRAL ITALY_NORTH NORWAY_EAST NORWAY_WEST POLAND_CENTRAL SPAIN_CENTRAL
            SWEDEN_CENTRAL SWEDEN_SOUTH SWITZERLAND_NORTH SWITZERLAND_WEST UK_SOUTH UK_WEST ISRAEL_CENTRAL QATAR_CENTRAL
            UAE_CENTRAL UAE_NORTH SOUTH_AFRICA_NORTH SOUTH_AFRICA_WEST ASIA_EAST ASIA_SOUTH_EAST AUSTRALIA_CENTRAL
            AUSTRALIA_CENTRAL_2 AUSTRALIA_EAST AUSTRALIA_SOUTH_EAST CHINA_EAST CHINA_NORTH INDIA_CENTRAL INDIA_SOUTH INDIA_WEST
            JAPAN_EAST JAPAN_WEST KOREA_CENTRAL KOREA_SOUTH NEW_ZEALAND_NORTH
            """
        ),
        "GCP": words(
            """
            CENTRAL_US EASTERN_US US_EAST_4 US_EAST_5 US_WEST_2 US_WEST_3 US_WEST_4 US_SOUTH_1 WESTERN_US
            NORTH_AMERICA_NORTHEAST_1 NORTH_AMERICA_NORTHEAST_2 NORTH_AMERICA_SOUTH_1 SOUTH_AMERICA_EAST_1
            SOUTH_AMERICA_WEST_1 WESTERN_EUROPE EUROPE_CENTRAL_2 EUROPE_NORTH_1 EUROPE_NORTH_2 EUROPE_SOUTHWEST_1 EUROPE_WEST_2
            EUROPE_WEST_3 EUROPE_WEST_4 EUROPE_WEST_6 EUROPE_WEST_8 EUROPE_WEST_9 EUROPE_WEST_10 EUROPE_WEST_12
            MIDDLE_EAST_CENTRAL_1 MIDDLE_EAST_CENTRAL_2 MIDDLE_EAST_WEST_1 AFRICA_SOUTH_1 AUSTRALIA_SOUTHEAST_1
            AUSTRALIA_SOUTHEAST_2 EASTERN_ASIA_PACIFIC NORTHEASTERN_ASIA_PACIFIC SOUTHEASTERN_ASIA_PACIFIC ASIA_EAST_2
            ASIA_NORTHEAST_2 ASIA_NORTHEAST_3 ASIA_SOUTH_1 ASIA_SOUTH_2 ASIA_SOUTHEAST_2
            """
        ),
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    /// Whether a provider has a region: byte by byte, as for Swift "K" and the Kelvin sign are the same text.
    static func isRegion(_ name: String, of provider: String) -> Bool {
        name.utf8.allSatisfy { $0 < 0x80 } && regions[provider]?.contains(name) == true
    }

    /// A region of AWS as AWS spells it: `us-east-1` for `US_EAST_1`.
    static func awsSpelling(_ region: String) -> String { region.lowercased().replacing("_", with: "-") }

    /// The regions of a provider as a regular expression, for JSON Schemas.
    static func regionPattern(of provider: String, _ spelling: (String) -> String = { $0 }) -> String {
        "^(\((regions[provider] ?? []).map(spelling).sorted().joined(separator: "|")))$"
    }
}
