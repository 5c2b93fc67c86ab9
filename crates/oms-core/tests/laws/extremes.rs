//! At the ends of the scales nothing panics, money adds up (I12), and the network converges whatever copy comes last.

use oms_core::machine::Machine;
use oms_core::network::{Command as NetworkCommand, Fulfilling, Location, LocationKind, Network};
use oms_core::order::{Command, Draft, DraftLine, Event, Order};
use oms_core::price::{TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::stock::{self, Ask, MoveLine, Reason, Stock};
use oms_core::value::{Amount, Delta, Quantity, Timestamp};
use proptest::prelude::*;

use crate::orders::{draft, facts, label, noon, placement};
use crate::stocks::{self, hold_of, movement, order, place, sku};

fn any_quantity() -> impl Strategy<Value = Quantity> {
    let most = Quantity::MAX.thousandths();
    prop_oneof![Just(0), Just(1), Just(999), Just(most / 2), Just(most - 1), Just(most), 0..=most]
        .prop_map(|thousandths| Quantity::from_thousandths(thousandths).expect("within bounds"))
}

fn any_stock_command() -> impl Strategy<Value = stock::Command> {
    let ask = || {
        (1..3_u32, any_quantity()).prop_map(|(line, quantity)| Ask {
            line,
            sku: sku("mug"),
            location: place("east"),
            quantity,
        })
    };
    let asks = || prop::collection::vec(ask(), 0..3);
    let line = (0..4_u8, any_quantity()).prop_map(|(kind, quantity)| {
        let (sku, location) = (sku("mug"), place("east"));
        match kind {
            0 => MoveLine::Receive { sku, location, quantity },
            1 => MoveLine::Count { sku, location, counted: quantity },
            2 => MoveLine::Adjust { sku, location, by: Delta::from(quantity).negated(), reason: Reason::Lost },
            _ => MoveLine::Transfer { sku, from: location, to: place("west"), quantity },
        }
    });
    prop_oneof![
        (any::<u8>(), prop::collection::vec(line, 1..4))
            .prop_map(|(document, lines)| movement(&document.to_string(), lines)),
        (0..4_u8, asks()).prop_map(|(number, parts)| stocks::reserve(number, &parts)),
        (0..4_u8, asks()).prop_map(|(number, totals)| stocks::give_back(number, &totals)),
        (0..4_u8, asks()).prop_map(|(number, parts)| stocks::consume(number, 1, &parts)),
        (0..4_u8).prop_map(stocks::release),
    ]
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let price = (-1..=Amount::MAX.minor()).prop_map(|minor| Amount::new(minor).expect("within bounds"));
    let line = (any_quantity(), 0..54_u32, prop::option::of(price), 0..54_u32);
    prop::collection::vec(line, 0..5).prop_map(|lines| {
        let line = |(quantity, fewer, price, cheaper): (Quantity, u32, Option<Amount>, u32)| DraftLine {
            sku: sku("mug"),
            quantity: Quantity::from_thousandths(quantity.thousandths() >> fewer).expect("less"),
            unit_price: price.and_then(|price| Amount::new(price.minor() >> cheaper)),
            whole: false,
            requested_by: None,
        };
        Draft { lines: lines.into_iter().map(line).collect(), ..draft(&[]) }
    })
}

fn adds_up(order: &Order) {
    let sum = |of: &dyn Fn(&oms_core::price::LineTotal) -> Amount| -> i128 {
        order.lines.iter().map(|line| i128::from(of(&line.total).minor())).sum()
    };
    assert_eq!(sum(&|total| total.net), i128::from(order.totals.net.minor()));
    assert_eq!(sum(&|total| total.tax), i128::from(order.totals.tax.minor()));
    assert_eq!(sum(&|total| total.total), i128::from(order.totals.total.minor()));
    assert_eq!(order.totals.net.minor() + order.totals.tax.minor(), order.totals.total.minor());
}

fn any_network_command() -> impl Strategy<Value = NetworkCommand> {
    let location = (0..3_usize, any::<bool>(), 0..9_u32).prop_map(|(at, ships, version)| Location {
        id: place(crate::shop::PLACES[at]),
        name: label("A place"),
        kind: LocationKind::Store,
        country: "GB".parse().expect("a country"),
        postal_code: None,
        position: None,
        ships,
        accepts_returns: true,
        fulfilling: Fulfilling::default(),
        version,
    });
    let tax = (0..2_u32).prop_map(|percent| {
        let rate = percent.to_string().parse().expect("a rate");
        TaxTable::new(7, TaxMode::Exclusive, [TaxRate { country: None, class: TaxClass::standard(), rate }])
    });
    prop_oneof![location.prop_map(NetworkCommand::PutLocation), tax.prop_map(NetworkCommand::PutTax)]
}

fn told(network: Option<Network>, command: &NetworkCommand) -> Option<Network> {
    let events = Network::decide(network.as_ref(), command, noon()).expect("few locations");
    let mut network = network;
    for event in &events {
        network = Network::apply(network, event, noon());
    }
    let again = Network::decide(network.as_ref(), command, noon());
    assert_eq!(again, Ok(vec![]), "{command:?} is repeated");
    network
}

proptest! {
    #![proptest_config(crate::cases(crate::seeds!("extremes")))]

    #[test]
    fn no_quantity_makes_the_stock_panic(commands in prop::collection::vec(any_stock_command(), 1..12)) {
        let (mut stock, mut replayed) = (Stock::default(), Stock::default());
        let now: Timestamp = noon();
        let put = stock::Command::PutItem { sku: sku("mug"), item: stocks::master() };
        for command in [put].iter().chain(&commands) {
            let (events, answer) = stock.run(command, now);
            events.iter().for_each(|event| replayed.take(event));
            prop_assert_eq!(&replayed, &stock);
            prop_assert_eq!(stock.clone().run(command, now), (vec![], answer));
        }
        let ours = stock.holds.keys().all(|hold| (0..4).any(|number| hold_of(number) == *hold));
        prop_assert!(ours && order(0) < order(1));
    }

    #[test]
    fn whatever_is_ordered_adds_up_or_is_refused(draft in any_draft(), inclusive in any::<bool>()) {
        let mut placement = placement(Draft { to_confirm: true, ..draft }, facts(&[]));
        let mode = if inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
        let rate = TaxRate { country: None, class: TaxClass::standard(), rate: "8.875".parse().expect("a rate") };
        placement.tax = TaxTable::new(1, mode, [rate]);
        if let Ok(events) = Order::decide(None, &Command::Place(Box::new(placement)), noon()) {
            let captured = matches!(events.as_slice(), [Event::Captured { .. }]);
            prop_assert!(captured, "a draft is captured and nothing else");
            let order = events.iter().fold(None, |order, event| Order::apply(order, event, noon()));
            adds_up(&order.expect("an order"));
        }
    }

    #[test]
    fn a_copy_of_the_network_ends_at_the_newest_whatever_comes_last(
        commands in prop::collection::vec(any_network_command(), 1..10), order in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
    ) {
        let mut versions: Vec<Network> = Vec::new();
        for command in &commands {
            let network = told(versions.last().cloned(), command).expect("a network");
            if versions.last() != Some(&network) {
                prop_assert!(versions.last().is_none_or(|before| before.version + 1 == network.version));
                versions.push(network);
            }
        }
        let mut copy = None;
        for index in order.iter().map(|index| index.index(versions.len())).chain([versions.len() - 1, 0]) {
            copy = told(copy, &NetworkCommand::Learn(Box::new(versions[index].clone())));
        }
        prop_assert_eq!(copy.as_ref(), versions.last());
    }
}

#[test]
fn a_tenant_has_at_most_a_thousand_locations() {
    let location = |number: usize| Location {
        id: place(&format!("l{number}")),
        name: label("A place"),
        kind: LocationKind::Dc,
        country: "GB".parse().expect("a country"),
        postal_code: None,
        position: None,
        ships: true,
        accepts_returns: true,
        fulfilling: Fulfilling::default(),
        version: 0,
    };
    let mut network = None;
    for number in 0..1_000 {
        network = told(network, &NetworkCommand::PutLocation(location(number)));
    }
    let put = |number| Network::decide(network.as_ref(), &NetworkCommand::PutLocation(location(number)), noon());
    assert_eq!(put(1_000), Err(oms_core::network::Refusal::TooManyLocations { most: 1_000 }));
    let moved = NetworkCommand::PutLocation(Location { ships: false, ..location(0) });
    assert_eq!(Network::decide(network.as_ref(), &moved, noon()).map(|events| events.len()), Ok(1));
}
