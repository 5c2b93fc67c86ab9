//! What is printed, to the letter.

use oms_core::till::receipt::{self, Language, Mark, Options, Receipt};
use oms_core::till::{Command, qr, report};
use oms_core::value::Digest;

use crate::kit::{Shop, cart, cash, label, minor, off};

fn options(columns: usize, language: Language) -> Options {
    Options { columns, language, copy: false, drawer: false, offset: 60 }
}

fn texts(receipt: &Receipt) -> Vec<&str> {
    receipt.lines.iter().map(|line| line.text.trim_end()).collect()
}

/// Two mugs with a discount and a bag of tea.
fn shop() -> Shop {
    let mut shop = Shop::open();
    let mut sale = cart(&[("MUG", 2), ("TEA", 1)], cash(2000));
    sale.approver = Some(label("bea"));
    sale.lines[0].discount = Some(off(Some("10"), None));
    sale.lines[1].quantity = "0.25".parse().unwrap();
    shop.sells(sale);
    shop
}

fn printed(shop: &Shop, options: &Options) -> Receipt {
    let signed = shop.journal.last().unwrap();
    receipt::of(&signed.entry, &signed.hash, &shop.settings, options).unwrap()
}

#[test]
fn a_receipt_says_everything_in_its_language() {
    let shop = shop();
    let receipt = printed(&shop, &options(32, Language::Es));
    let (body, foot) = receipt.lines.split_at(receipt.lines.len() - 2);
    let body: Vec<&str> = body.iter().map(|line| line.text.trim_end()).collect();
    assert_eq!(
        body,
        [
            "          Estiba, S.L.",
            "     Calle Mayor 1, Madrid",
            "         NIF B12345678",
            "--------------------------------",
            "Ticket",
            "N.º S042-T03-000001",
            "01/03/2026 13:00             ana",
            "--------------------------------",
            "Mug",
            "  2 pc x 7,99              15,98",
            "  Descuento: scratched     -1,60",
            "Té verde",
            "  0,25 kg x 3,33            0,83",
            "--------------------------------",
            "TOTAL EUR                  15,21",
            "Redondeo                   -0,01",
            "Efectivo                   20,00",
            "Cambio                      4,80",
            "--------------------------------",
            "IVA 21 % / 12,57            2,64",
            "--------------------------------",
            "           ¡Gracias!",
        ]
    );
    assert!(receipt.lines.iter().all(|line| line.text.chars().count() == 32), "{foot:?}");
    let english = printed(&shop, &Options { copy: true, ..options(48, Language::En) });
    assert!(texts(&english).contains(&"                  *** COPY ***") && english.lines[0].text.chars().count() == 48);
    assert!(texts(&english).iter().any(|line| line.starts_with("2026-03-01 13:00")), "{:?}", texts(&english));
    assert!(texts(&printed(&shop, &options(32, Language::Pt))).contains(&"Troco                       4,80"));
}

#[test]
fn a_receipt_can_be_read_back() {
    let shop = shop();
    let mark = printed(&shop, &options(32, Language::Es)).qr.unwrap();
    let read: Mark = mark.parse().unwrap();
    assert_eq!((read.seq, read.total, read.to_string()), (2, minor(1521), mark.clone()));
    assert!(shop.journal[1].hash.to_string().starts_with(&read.hash));
    for odd in ["", "EST1", "EST2*x", &mark[..mark.len() - 6], &format!("{mark}*1"), &mark.replace("*2*", "*two*")] {
        assert!(odd.parse::<Mark>().is_err(), "{odd}");
    }
}

#[test]
fn prices_without_tax_show_the_tax_on_a_line_of_its_own() {
    let mut shop = Shop::open();
    shop.settings.tax.mode = oms_core::price::TaxMode::Exclusive;
    shop.sells(cart(&[("MUG", 1)], cash(1000)));
    let receipt = printed(&shop, &options(32, Language::En));
    assert!(texts(&receipt).contains(&"Net                         7.99"), "{:?}", texts(&receipt));
    assert!(texts(&receipt).contains(&"Tax                         1.68"));
}

#[test]
fn every_width_holds_every_line() {
    let mut shop = shop();
    shop.settings.header = vec![label(&"x".repeat(200)), label(&"word ".repeat(39))];
    for columns in [0, 1, 24, 32, 33, 48, 64, 1000] {
        let receipt = printed(&shop, &options(columns, Language::Pt));
        let wide = columns.clamp(receipt::MIN_COLUMNS, receipt::MAX_COLUMNS);
        assert!(receipt.lines.iter().all(|line| line.text.chars().count() == wide), "{columns}: {:?}", texts(&receipt));
    }
}

#[test]
fn a_report_is_blind_until_the_drawer_is_counted() {
    let mut shop = shop();
    let paper = |shop: &Shop| {
        let report = report::report(&shop.till, &shop.settings).unwrap();
        let receipt = receipt::report(&report, &shop.settings, &options(32, Language::En));
        texts(&receipt).join("\n")
    };
    let x = paper(&shop);
    assert!(x.contains("X / Shift 1 / Till 3") && !x.contains("Expected"), "{x}");
    shop.does(&Command::CloseShift { cashier: label("ana"), approver: None, counted: minor(11_500) });
    let z = paper(&shop);
    for line in ["Z / Shift 1 / Till 3", "Expected                  115.20", "Difference                 -0.20"] {
        assert!(z.contains(line), "{z}");
    }
}

#[test]
fn printers_get_bytes_they_know() {
    let mut receipt = printed(&shop(), &options(32, Language::Es));
    receipt.qr = Some("EST1".to_owned());
    let bytes = receipt::bytes(&receipt, true);
    assert!(bytes.starts_with(&[0x1B, b'@', 0x1B, b't', 16, 0x1B, b'p', 0, 25, 250]));
    // Windows-1252: ¡ is A1, é is E9, º is BA.
    for text in [&b"\xA1Gracias!\n"[..], b"T\xE9 verde\n", b"N.\xBA S042-T03-000001\n"] {
        assert!(bytes.windows(text.len()).any(|part| part == text), "{text:?}");
    }
    let stored = [&[0x1D, b'(', b'k', 7, 0, 49, 80, 48][..], b"EST1"].concat();
    assert!(bytes.windows(stored.len()).any(|part| part == stored));
    assert!(bytes.ends_with(&[0x1B, b'd', 4, 0x1D, b'V', 66, 0]));
}

/// Codes as another encoder (the Python package `qrcode` 8, at level M with the mask that ours chose) draws them.
#[test]
fn qr_codes_are_those_of_other_encoders() {
    let digest = |text: &str| {
        let code = qr::encode(text.as_bytes()).unwrap();
        assert_eq!(code.modules.len(), code.size * code.size);
        (code.size, Digest::of(&code.modules).to_string()[..16].to_owned())
    };
    for (length, size, expected) in QR {
        let text: String = ('!'..='~').cycle().take(length).collect();
        assert_eq!(digest(&text), (size, expected.to_owned()), "{length}");
    }
    assert_eq!(qr::encode(&[b'x'; 214]), None);
}

/// How many letters of `!` to `~` in turn, modules of a side, the digest of the modules.
const QR: [(usize, usize, &str); 9] = [
    (1, 21, "910010c3f091b875"),
    (14, 21, "52345f5ac1985c45"),
    (15, 25, "89d942361a05c497"),
    (60, 33, "8679c302d64d3963"),
    (84, 37, "e76cc3de5b0f07d5"),
    (100, 41, "671b99f67e346169"),
    (150, 49, "28507201ddccd63d"),
    (180, 53, "90c5dbf377f598f2"),
    (213, 57, "619a0fd872b2e6a8"),
];
