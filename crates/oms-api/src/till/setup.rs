//! How a till is set up and enrolled.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::price::{Rate, TaxTable};
use oms_core::till::account::PublicKey;
use oms_core::till::{Cashier, DeviceId, Oversell, Permission, PinHash, Settings};
use oms_core::value::{Amount, Digest, Label};
use serde::Deserialize;

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;

/// Most lines at the head or the foot of a receipt.
const MAX_RECEIPT_LINES: usize = 20;
/// Most cashiers of a till: they travel with its settings.
const MAX_CASHIERS: usize = 200;
/// The highest cash step, in minor units: no coin is larger than a hundred of a currency's units.
const MAX_CASH_STEP: i64 = 10_000;
/// Characters of a pin.
const PIN_LENGTH: core::ops::RangeInclusive<usize> = 4..=12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    // Of new tills only; the path has it otherwise.
    id: Option<String>,
    label: String,
    series: String,
    location: String,
    #[serde(default)]
    header: Vec<String>,
    #[serde(default)]
    footer: Vec<String>,
    currency: String,
    country: String,
    cash_step: Option<i64>,
    oversell: Option<String>,
    cashiers: Vec<Object<CashierBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CashierBody {
    id: String,
    name: String,
    pin: Option<String>,
    discount: Option<String>,
    #[serde(default)]
    may: Vec<String>,
}

const OVERSELL: &[(&str, Oversell)] =
    &[("ask", Oversell::Ask), ("refuse", Oversell::Refuse), ("allow", Oversell::Allow)];

const PERMISSIONS: &[(&str, Permission)] = &[
    ("price", Permission::Price),
    ("refund", Permission::Refund),
    ("blind_refund", Permission::BlindRefund),
    ("oversell", Permission::Oversell),
    ("pay_out", Permission::PayOut),
    ("manage", Permission::Manage),
];

/// Reads the body of `POST /v1/tills`. Version and taxes are the edge's to give.
///
/// # Errors
/// The problem with every fault of the body.
pub fn create(bytes: &[u8]) -> Result<Settings, Problem> {
    let body: Body = decode::body(bytes)?;
    match &body.id {
        Some(id) => settings(Faults::new(), id, &body),
        None => Err(Problem::invalid("/id", "missing_field", "missing field `id`")),
    }
}

/// Reads the body of `PUT /v1/tills/{id}`.
///
/// # Errors
/// As for [`create`].
pub fn change(id: &str, bytes: &[u8]) -> Result<Settings, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    if body.id.as_ref().is_some_and(|said| said != id) {
        faults.add("/id", "id_mismatch", "the id is another one than the path's");
    }
    settings(faults, id, &body)
}

fn settings(mut faults: Faults, id: &str, body: &Body) -> Result<Settings, Problem> {
    let device: Option<DeviceId> = faults.read("", "id", id);
    let label = faults.read("", "label", &body.label);
    let series = faults.read("", "series", &body.series);
    let location = faults.read("", "location", &body.location);
    let header = texts(&mut faults, "header", &body.header);
    let footer = texts(&mut faults, "footer", &body.footer);
    let currency = faults.read("", "currency", &body.currency);
    let country = faults.read("", "country", &body.country);
    let cash_step = body.cash_step.unwrap_or(1);
    if !(1..=MAX_CASH_STEP).contains(&cash_step) {
        faults.add("/cash_step", "out_of_range", format!("the smallest coin is 1 to {MAX_CASH_STEP} minor units"));
    }
    let oversell = match &body.oversell {
        Some(word) => faults.choose("", "oversell", word, OVERSELL),
        None => Some(Oversell::default()),
    };
    let cashiers = cashiers(&mut faults, id, &body.cashiers);
    faults.finish(|| {
        Some(Settings {
            version: 0,
            device: device?,
            label: label?,
            series: series?,
            location: location?,
            header,
            footer,
            currency: currency?,
            country: country?,
            cash_step: Amount::new(cash_step)?,
            oversell: oversell?,
            cashiers,
            tax: TaxTable::default(),
        })
    })
}

fn texts(faults: &mut Faults, member: &str, lines: &[String]) -> Vec<Label> {
    if lines.len() > MAX_RECEIPT_LINES {
        faults.add(format!("/{member}"), "too_many_lines", format!("at most {MAX_RECEIPT_LINES} are taken"));
    }
    let base = format!("/{member}");
    let read = |(index, line): (usize, &String)| faults.read(&base, &index.to_string(), line);
    (0..MAX_RECEIPT_LINES).zip(lines).filter_map(read).collect()
}

fn cashiers(faults: &mut Faults, device: &str, bodies: &[Object<CashierBody>]) -> Vec<Cashier> {
    if bodies.is_empty() {
        faults.add("/cashiers", "no_lines", "at least one cashier is needed");
    }
    if bodies.len() > MAX_CASHIERS {
        faults.add("/cashiers", "too_many_lines", format!("at most {MAX_CASHIERS} are taken"));
    }
    let mut cashiers: Vec<Cashier> = Vec::new();
    for (index, body) in (0..MAX_CASHIERS).zip(bodies) {
        let base = format!("/cashiers/{index}");
        let Some(cashier) = cashier(faults, &base, device, body) else { continue };
        if cashiers.iter().any(|known| known.id == cashier.id) {
            faults.add(format!("{base}/id"), "named_twice", "there is a cashier of this id already");
        }
        cashiers.push(cashier);
    }
    cashiers
}

fn cashier(faults: &mut Faults, base: &str, device: &str, body: &CashierBody) -> Option<Cashier> {
    let id: Option<Label> = faults.read(base, "id", &body.id);
    let name = faults.read(base, "name", &body.name);
    let discount = match &body.discount {
        Some(text) => faults.read(base, "discount", text),
        None => Some(Rate::ZERO),
    };
    let mut may = BTreeSet::new();
    for (index, word) in body.may.iter().enumerate() {
        may.extend(faults.choose(&format!("{base}/may"), &index.to_string(), word, PERMISSIONS));
    }
    if let Some(pin) = &body.pin
        && !(PIN_LENGTH.contains(&pin.len()) && pin.bytes().all(|digit| digit.is_ascii_digit()))
    {
        faults.add(format!("{base}/pin"), "invalid_pin", "a pin is 4 to 12 digits");
    }
    let id = id?;
    let pin = body.pin.as_ref().map(|pin| hashed(device, &id, pin));
    Some(Cashier { id, name: name?, pin, discount: discount?, may })
}

/// The salt is the cashier's at this till, so that setting the same pin again changes nothing.
fn hashed(device: &str, cashier: &Label, pin: &str) -> PinHash {
    let salt: String = Digest::of(format!("pin:{device}:{cashier}").as_bytes()).to_string().chars().take(16).collect();
    PinHash { hash: Digest::of(format!("{salt}:{pin}").as_bytes()), salt }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct EnrollBody {
    code: String,
    public_key: Object<KeyBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct KeyBody {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

/// A code that enrolls a device: whose, which till, and a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollmentCode {
    /// Whose till it is.
    pub tenant: String,
    /// The till.
    pub device: DeviceId,
    /// The code as it came.
    pub text: String,
}

impl EnrollmentCode {
    /// Reads a code such as `acme.till-3.K7Q2M9XW`; people may type it in lower case and with spaces around it.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (tenant, rest) = text.split_once('.')?;
        let (device, secret) = rest.split_once('.')?;
        let secret = secret.to_ascii_uppercase();
        let device = device.parse().ok()?;
        Some(Self { tenant: tenant.to_string(), text: format!("{tenant}.{device}.{secret}"), device })
    }

    /// SHA-256 of it, which is all that is kept.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }
}

/// Reads the body of `POST /v1/enrollments`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn enroll(bytes: &[u8]) -> Result<(EnrollmentCode, PublicKey), Problem> {
    let body: EnrollBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let code = EnrollmentCode::read(&body.code);
    if code.is_none() {
        faults.add("/code", "invalid_code", "a code has three parts, such as acme.till-3.K7Q2M9XW");
    }
    if body.public_key.kty != "EC" || body.public_key.crv != "P-256" {
        faults.add("/public_key", "invalid_key", "the key is an EC key on P-256");
    }
    let key = PublicKey { x: body.public_key.x.clone(), y: body.public_key.y.clone() };
    if !key.is_sized() {
        faults.add("/public_key", "invalid_key", "x and y are 32 bytes each in base64url without padding");
    }
    faults.finish(|| Some((code?, key)))
}
