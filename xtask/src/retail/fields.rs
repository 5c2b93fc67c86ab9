//! Single fields of the file: prices, dates, countries.

/// Pounds as a decimal, in pence, half to even. What is negative is worth nothing here.
pub fn pence(price: &str) -> Option<u64> {
    let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
    if whole.starts_with('-') {
        return Some(0);
    }
    if fraction.len() > 3 {
        return None;
    }
    let mills: u64 = format!("{whole}{fraction:0<3}").parse().ok()?;
    let (pence, rest) = (mills / 10, mills % 10);
    let up = rest > 5 || (rest == 5 && pence % 2 == 1);
    Some(pence + u64::from(up))
}

/// 2010-12-01 in days since 1970-01-01.
pub const FIRST_DAY: i64 = 14_944;

/// Days since 1970-01-01 of `YYYY-MM-DD ...`; the month is counted from March, so that the leap day comes last.
pub fn days(at: &str) -> Option<i64> {
    let mut parts = at.get(..10)?.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// Country names of the file. `ZZ` is "unknown" by CLDR; `EU` is reserved for the community in ISO 3166-1.
pub fn alpha2(name: &str) -> Option<&'static str> {
    Some(match name {
        "Australia" => "AU",
        "Austria" => "AT",
        "Bahrain" => "BH",
        "Belgium" => "BE",
        "Brazil" => "BR",
        "Canada" => "CA",
        "Channel Islands" => "JE",
        "Cyprus" => "CY",
        "Czech Republic" => "CZ",
        "Denmark" => "DK",
        "EIRE" => "IE",
        "European Community" => "EU",
        "Finland" => "FI",
        "France" => "FR",
        "Germany" => "DE",
        "Greece" => "GR",
        "Hong Kong" => "HK",
        "Iceland" => "IS",
        "Israel" => "IL",
        "Italy" => "IT",
        "Japan" => "JP",
        "Lebanon" => "LB",
        "Lithuania" => "LT",
        "Malta" => "MT",
        "Netherlands" => "NL",
        "Norway" => "NO",
        "Poland" => "PL",
        "Portugal" => "PT",
        "RSA" => "ZA",
        "Saudi Arabia" => "SA",
        "Singapore" => "SG",
        "Spain" => "ES",
        "Sweden" => "SE",
        "Switzerland" => "CH",
        "USA" => "US",
        "United Arab Emirates" => "AE",
        "United Kingdom" => "GB",
        "Unspecified" => "ZZ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_become_pence_half_to_even() {
        for (pounds, expected) in [
            ("2.55", 255),
            ("2", 200),
            ("0.1", 10),
            ("0.001", 0),
            ("0.005", 0),
            ("0.015", 2),
            ("0.025", 2),
            ("0.026", 3),
            ("-11062.06", 0),
        ] {
            assert_eq!(pence(pounds), Some(expected), "{pounds}");
        }
        assert_eq!(pence("1.2345"), None);
        assert_eq!(pence("x"), None);
    }

    #[test]
    fn days_count_from_the_epoch() {
        for (at, expected) in
            [("1970-01-01 00:00:00", 0), ("2000-03-01 00:00:00", 11_017), ("2010-12-01 08:26:00", FIRST_DAY)]
        {
            assert_eq!(days(at), Some(expected), "{at}");
        }
        assert_eq!(days("2010"), None);
    }
}
