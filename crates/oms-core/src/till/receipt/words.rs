//! The words of a receipt in each language, and how numbers and times are written there.

use alloc::format;
use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

use crate::value::{Amount, Currency, Timestamp};

/// A language of receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// English.
    En,
}

/// The words of a language.
pub(super) struct Words {
    /// Between units and fractions.
    pub(super) point: &'static str,
    /// Whether a date begins with the day.
    pub(super) day_first: bool,
    pub(super) copy: &'static str,
    pub(super) sale: &'static str,
    pub(super) refund: &'static str,
    pub(super) request: &'static str,
    pub(super) not_certain: [&'static str; 2],
    pub(super) number: &'static str,
    pub(super) of: &'static str,
    pub(super) without_receipt: &'static str,
    pub(super) reason: &'static str,
    pub(super) customer: &'static str,
    pub(super) discount: &'static str,
    pub(super) net: &'static str,
    pub(super) tax: &'static str,
    pub(super) total: &'static str,
    pub(super) rounding: &'static str,
    pub(super) change: &'static str,
    pub(super) cash: &'static str,
    pub(super) card: &'static str,
    pub(super) gift_card: &'static str,
    pub(super) store_credit: &'static str,
    pub(super) shift: &'static str,
    pub(super) opened: &'static str,
    pub(super) closed: &'static str,
    pub(super) float: &'static str,
    pub(super) sales: &'static str,
    pub(super) refunds: &'static str,
    pub(super) paid_in: &'static str,
    pub(super) paid_out: &'static str,
    pub(super) expected: &'static str,
    pub(super) counted: &'static str,
    pub(super) difference: &'static str,
    pub(super) discounts: &'static str,
    pub(super) drawer: &'static str,
    pub(super) receipts: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Es => &ES,
        Language::Pt => &PT,
        Language::En => &EN,
    }
}

const EN: Words = Words {
    point: ".",
    day_first: false,
    copy: "*** COPY ***",
    sale: "Receipt",
    refund: "Refund",
    request: "Order request",
    not_certain: ["This is a request.", "We will confirm it."],
    number: "No.",
    of: "For",
    without_receipt: "Without receipt",
    reason: "Reason",
    customer: "Customer",
    discount: "Discount",
    net: "Net",
    tax: "Tax",
    total: "TOTAL",
    rounding: "Rounding",
    change: "Change",
    cash: "Cash",
    card: "Card",
    gift_card: "Gift card",
    store_credit: "Store credit",
    shift: "Shift",
    opened: "Opened",
    closed: "Closed",
    float: "Opening float",
    sales: "Sales",
    refunds: "Refunds",
    paid_in: "Paid in",
    paid_out: "Paid out",
    expected: "Expected",
    counted: "Counted",
    difference: "Difference",
    discounts: "Discounts",
    drawer: "Drawer openings",
    receipts: "Receipts",
};

const ES: Words = Words {
    point: ",",
    day_first: true,
    copy: "*** COPIA ***",
    sale: "Ticket",
    refund: "Devolución",
    request: "Solicitud de pedido",
    not_certain: ["Es una solicitud.", "La confirmaremos."],
    number: "N.º",
    of: "De",
    without_receipt: "Sin ticket",
    reason: "Motivo",
    customer: "Cliente",
    discount: "Descuento",
    net: "Base",
    tax: "IVA",
    total: "TOTAL",
    rounding: "Redondeo",
    change: "Cambio",
    cash: "Efectivo",
    card: "Tarjeta",
    gift_card: "Tarjeta regalo",
    store_credit: "Vale",
    shift: "Turno",
    opened: "Apertura",
    closed: "Cierre",
    float: "Fondo de caja",
    sales: "Ventas",
    refunds: "Devoluciones",
    paid_in: "Entradas",
    paid_out: "Salidas",
    expected: "Esperado",
    counted: "Contado",
    difference: "Diferencia",
    discounts: "Descuentos",
    drawer: "Aperturas de cajón",
    receipts: "Tickets",
};

const PT: Words = Words {
    point: ",",
    day_first: true,
    copy: "*** CÓPIA ***",
    sale: "Recibo",
    refund: "Devolução",
    request: "Pedido de encomenda",
    not_certain: ["É um pedido.", "Será confirmado."],
    number: "N.º",
    of: "De",
    without_receipt: "Sem recibo",
    reason: "Motivo",
    customer: "Cliente",
    discount: "Desconto",
    net: "Base",
    tax: "IVA",
    total: "TOTAL",
    rounding: "Arredondamento",
    change: "Troco",
    cash: "Dinheiro",
    card: "Cartão",
    gift_card: "Cartão oferta",
    store_credit: "Vale",
    shift: "Turno",
    opened: "Abertura",
    closed: "Fecho",
    float: "Fundo de caixa",
    sales: "Vendas",
    refunds: "Devoluções",
    paid_in: "Entradas",
    paid_out: "Saídas",
    expected: "Esperado",
    counted: "Contado",
    difference: "Diferença",
    discounts: "Descontos",
    drawer: "Aberturas de gaveta",
    receipts: "Recibos",
};

/// An amount with the decimals of its currency, without its sign: `-1,60`.
pub(super) fn money(amount: Amount, currency: Currency, words: &Words) -> String {
    let places = usize::from(currency.exponent());
    let digits = amount.minor().unsigned_abs().to_string();
    let wanted = places.saturating_add(1);
    let padded = core::iter::repeat_n('0', wanted.saturating_sub(digits.len())).chain(digits.chars());
    let padded: String = padded.collect();
    let (whole, fraction) = padded.split_at_checked(padded.len().saturating_sub(places)).unwrap_or((&padded, ""));
    let sign = if amount.is_negative() { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { words.point };
    format!("{sign}{whole}{point}{fraction}")
}

/// Day and minute.
pub(super) fn time(at: Timestamp, words: &Words) -> String {
    let text = at.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let (year, month, day, clock) = (part(0, 4), part(5, 7), part(8, 10), part(11, 16));
    if words.day_first { format!("{day}/{month}/{year} {clock}") } else { format!("{year}-{month}-{day} {clock}") }
}
