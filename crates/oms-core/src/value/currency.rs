//! Currencies: the ISO 4217 codes in use and the minor units of each.

use core::fmt;
use core::str::FromStr;

use super::{Malformed, serial::as_string};

/// A currency in use, by its ISO 4217 code: three upper-case letters. A string in text and in serde.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Decimal places of the minor unit: 2 for pence, 0 for yen, 3 for the Kuwaiti fils.
    pub fn exponent(self) -> u8 {
        find(self.0).unwrap_or(2)
    }

    /// The three letters.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(code) => code,
            Err(_) => "",
        }
    }
}

impl FromStr for Currency {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| Malformed::Shape)?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(Malformed::Character);
        }
        find(code).map(|_| Self(code)).ok_or(Malformed::Unknown)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

as_string!(Currency);

fn find(code: [u8; 3]) -> Option<u8> {
    let listed = |codes: &str| codes.as_bytes().chunks(4).any(|known| known.starts_with(&code));
    CODES.iter().find(|(_, codes)| listed(codes)).map(|(exponent, _)| *exponent)
}

/// ISO 4217 list one (national currencies and funds codes) by decimal places of the minor unit, without the codes that
/// have none (metals, test codes). What an order once said must stay readable: a code that has been here never leaves.
const CODES: [(u8, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
         CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
         HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU \
         MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR \
         SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
         VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];
