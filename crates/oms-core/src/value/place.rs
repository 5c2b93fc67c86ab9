//! Where on Earth: countries, positions and the distance between them.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Malformed, serial::as_string};

/// A country by its ISO 3166-1 alpha-2 form: two upper-case letters (not checked against the list). A string in text
/// and in serde.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// The two letters.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(code) => code,
            Err(_) => "",
        }
    }
}

impl FromStr for Country {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        let code: [u8; 2] = text.as_bytes().try_into().map_err(|_| Malformed::Shape)?;
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(Malformed::Character) }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

as_string!(Country);

/// Micro-degrees in a degree.
const MICRO: f64 = 1_000_000.0;
/// The mean radius of the Earth in meters (IUGG, R1).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// A point on the Earth in millionths of a degree (about 11 cm): latitude within 90, longitude within 180 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Degrees")]
pub struct Position {
    lat_micro: i32,
    lon_micro: i32,
}

/// What serde reads before the bounds are checked.
#[derive(Deserialize)]
#[serde(rename = "Position", deny_unknown_fields)]
struct Degrees {
    lat_micro: i32,
    lon_micro: i32,
}

impl TryFrom<Degrees> for Position {
    type Error = Malformed;

    fn try_from(degrees: Degrees) -> Result<Self, Malformed> {
        Self::new(degrees.lat_micro, degrees.lon_micro).ok_or(Malformed::OutOfRange)
    }
}

impl Position {
    /// From millionths of a degree; `None` beyond the poles or the date line.
    pub const fn new(lat_micro: i32, lon_micro: i32) -> Option<Self> {
        if lat_micro.unsigned_abs() <= 90_000_000 && lon_micro.unsigned_abs() <= 180_000_000 {
            Some(Self { lat_micro, lon_micro })
        } else {
            None
        }
    }

    /// From degrees as people write them, rounded to millionths. For parsing input only: the core keeps integers.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        Self::new(to_micro(latitude)?, to_micro(longitude)?)
    }

    /// North of the equator, in millionths of a degree.
    pub const fn lat_micro(self) -> i32 {
        self.lat_micro
    }

    /// East of Greenwich, in millionths of a degree.
    pub const fn lon_micro(self) -> i32 {
        self.lon_micro
    }

    /// Latitude and longitude in degrees, for showing.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat_micro) / MICRO, f64::from(self.lon_micro) / MICRO)
    }

    /// The great-circle distance in whole meters: the haversine formula on a sphere of mean radius 6,371,008.8 m, so
    /// within about 0.5 % of the ellipsoid. All floating point is in software (libm), so every target gets the same.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20,015,114 meters")]
    pub fn distance_meters(&self, other: &Self) -> u64 {
        let (lat_a, lon_a) = self.radians();
        let (lat_b, lon_b) = other.radians();
        let lat_sine = libm::sin((lat_b - lat_a) / 2.0);
        let lon_sine = libm::sin((lon_b - lon_a) / 2.0);
        let haversine = lat_sine * lat_sine + libm::cos(lat_a) * libm::cos(lat_b) * lon_sine * lon_sine;
        libm::round(2.0 * EARTH_RADIUS * libm::asin(libm::sqrt(haversine).min(1.0))) as u64
    }

    fn radians(self) -> (f64, f64) {
        let (latitude, longitude) = self.degrees();
        (latitude * core::f64::consts::PI / 180.0, longitude * core::f64::consts::PI / 180.0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "within 360 million, checked first")]
fn to_micro(degrees: f64) -> Option<i32> {
    (degrees.is_finite() && degrees.abs() <= 360.0).then(|| libm::round(degrees * MICRO) as i32)
}
