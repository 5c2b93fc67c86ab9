//! What is paid for what.

use oms_core::routing::{Capacity, Criterion, Effort, Flaw, Prepared, Reach, Zone, build, route};

use crate::kit::*;

use Criterion::{Cheapest, LeastShort, Nearest};

#[test]
fn every_part_of_a_cost_is_by_hand() {
    let mut network = network();
    let east = &mut network.locations[0];
    east.pick_pack = money(70);
    east.handling = money(10);
    east.acceptance_permille = 900;
    east.capacity = Some(Capacity { daily: units(10), backlog: units(25), window_days: 30 });
    let mut policy = wanting(&[LeastShort, Cheapest]);
    policy.costs.reroute = money(400);
    policy.costs.backlog_day = money(15);
    policy.costs.late_parcel_day = money(100);
    policy.costs.late_unit_day = money(7);
    policy.costs.short_unit = money(50);
    policy.costs.short_permille = 100;
    let mut asked = order(&[("a", 3), ("b", 5)]);
    asked.items = vec![item("a", 2_000), item("b", 500)];
    // Two days of backlog and two in transit: it comes on Friday the 27th.
    asked.requested_by = Some(day("2026-11-26"));
    asked.lines[1].requested_by = Some(day("2026-11-25"));
    let mut stock = offers(&[("a", "east", 3), ("b", "east", 4)]);
    stock[0].markdown = money(33);
    stock[1].stock_out = money(21);
    let decision = decide_with(&policy, &network, &asked, &stock);
    let shipment = &decision.shipments[0];
    assert_eq!((shipment.ships, shipment.delivers), (day("2026-11-25"), day("2026-11-27")));
    let cost = decision.cost;
    assert_eq!(cost.parcel, 500_000, "the price of the lightest parcel");
    assert_eq!(cost.weight, 400_000, "8,000 g take the whole step from 500 to 900");
    assert_eq!((shipment.grams, shipment.tariff), (8_000, money(900)));
    assert_eq!(cost.pick_pack, 70_000);
    assert_eq!(cost.handling, 7 * 10_000);
    assert_eq!(cost.backlog, 2 * 15_000);
    assert_eq!(cost.lateness, 100_000 + 4 * 2 * 7_000, "a parcel one day late, four units two days");
    assert_eq!(cost.rejection, 40_000, "one in ten");
    assert_eq!(cost.markdown, -99_000);
    assert_eq!(cost.stock_out, 4 * 21_000);
    assert_eq!(cost.short, 150_000, "50, and a tenth of 1,000");
    assert_eq!(cost.total(), decision.scores[1].value);
    assert_eq!(decision.scores[0].value, 1, "one unit is short");
}

#[test]
fn a_price_list_is_read_to_its_end_and_beyond() {
    let carrier = post();
    let rate = &carrier.services[0].rates[0];
    let prices: Vec<i64> = [0, 1_000, 1_001, 10_000, 10_001, 11_001].iter().map(|grams| rate.price(*grams)).collect();
    assert_eq!(prices, [500, 500, 900, 900, 950, 1_000]);
}

#[test]
fn a_destination_is_in_the_first_zone_that_reaches_it() {
    let mut carrier = post();
    let zone = |name: &str, reach| Zone { name: code(name), reach };
    let country = "PT".parse().expect("a country");
    carrier.zones = vec![
        zone("near", Reach::Within { meters: 100_000 }),
        zone("islands", Reach::To { country, postal_prefixes: vec![label("90"), label("95")] }),
        zone("mainland", Reach::To { country, postal_prefixes: vec![] }),
        zone("world", Reach::Anywhere),
    ];
    let mut to = order(&[("a", 1)]).to;
    let name = |to: &_, meters| carrier.zone(to, meters).map(|zone| zone.name.to_string()).expect("a zone");
    assert_eq!(name(&to, Some(100_000)), "near");
    assert_eq!(name(&to, Some(100_001)), "mainland");
    assert_eq!(name(&to, None), "mainland");
    to.postal_code = Some(label("9500-321"));
    assert_eq!(name(&to, None), "islands");
    to.country = "FR".parse().expect("a country");
    assert_eq!(name(&to, None), "world");
}

#[test]
fn the_service_is_the_cheapest_with_its_lateness() {
    let mut network = network();
    let mut quick = network.carriers[0].services[0].clone();
    quick.name = code("express");
    quick.rates[0].days = (1, 1);
    quick.rates[0].steps[0].price = money(800);
    network.carriers[0].services.push(quick);
    let mut policy = wanting(&[LeastShort, Nearest]);
    policy.costs.late_parcel_day = money(200);
    let service = |policy: &_, wanted: &str| {
        let mut asked = order(&[("a", 1)]);
        asked.requested_by = Some(day(wanted));
        let decision = decide_with(policy, &network, &asked, &offers(&[("a", "east", 1)]));
        decision.shipments[0].service.clone().map(|service| service.to_string())
    };
    assert_eq!(service(&policy, "2026-11-24").as_deref(), Some("parcel"), "a day late is 200, express 300");
    policy.costs.late_parcel_day = money(301);
    assert_eq!(service(&policy, "2026-11-24").as_deref(), Some("express"));
    assert_eq!(service(&policy, "2026-11-25").as_deref(), Some("parcel"));
}

#[test]
fn parcels_too_heavy_for_a_carrier_are_not_sent_by_it() {
    let mut network = network();
    network.carriers[0].services[0].heaviest_grams = Some(1_500);
    let mut asked = order(&[("anvil", 2)]);
    asked.items = vec![item("anvil", 1_000)];
    let decision =
        decide_with(&wanting(&[LeastShort]), &network, &asked, &offers(&[("anvil", "east", 2), ("anvil", "west", 1)]));
    assert_eq!(from(&decision), ["west"]);
}

#[test]
fn the_problem_is_in_whole_units() {
    let policy = wanting(&[Cheapest]);
    let network = network();
    let prepared = Prepared::new(&policy, &network, day("2026-11-23")).expect("a policy that holds");
    let problem = |lines, stock: &[(&str, &str, u64)]| {
        build(&prepared, &order(lines), &policy.strategies[0], &offers(stock)).expect("a problem")
    };
    let asked = problem(&[("a", 4), ("b", 6)], &[("a", "east", 8), ("b", "east", 2), ("b", "west", 40)]);
    assert_eq!(asked.lines.iter().map(|line| line.demand).collect::<Vec<_>>(), [2, 3], "counted by twos");
    let caps: Vec<(u32, u32, u64)> = asked.arcs.iter().map(|arc| (arc.0, arc.1, arc.3)).collect();
    assert_eq!(caps, [(0, 0, 2), (1, 0, 1), (1, 1, 3)]);
    assert_eq!(asked.locations[0].open_cost, 500_000);
}

#[test]
fn costs_that_cannot_be_added_up_are_refused_where_they_are() {
    let mut policy = wanting(&[Cheapest]);
    policy.costs.short_unit = money(1_000_000_000);
    let network = network();
    let prepared = Prepared::new(&policy, &network, day("2026-11-23")).expect("a policy that holds");
    let asked = order(&[("a", 1), ("b", 1_000_003)]);
    let faults = route(&prepared, &asked, &offers(&[("b", "east", 7)]), Effort::Plan).expect_err("a fault");
    assert_eq!((faults[0].pointer.as_str(), &faults[0].flaw), ("/order/lines/1", &Flaw::Overflow));
}

#[test]
fn a_criterion_that_does_not_fit_is_made_coarser_and_the_first_ones_stay_exact() {
    let mut policy = wanting(&[LeastShort, Criterion::FewestShipments, Cheapest]);
    policy.costs.short_unit = money(1_000_000_000);
    let asked = order(&[("a", 10_001), ("b", 10_001)]);
    let stock =
        [("a", "east", 7_001), ("b", "west", 9_001), ("a", "far", 10_000), ("b", "far", 10_001), ("a", "edge", 1)];
    let decision = decide(&policy, &asked, &offers(&stock));
    assert!(decision.proof.coarser > 0);
    assert_eq!(from(&decision).len(), 2);
    assert!(decision.plan.short.is_empty());
}
