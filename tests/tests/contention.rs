//! More buyers than goods, on workerd: exactly what lies there is sold, and nobody is sent away while it lies there.

use oms_tests::edge::{Edge, EdgeOptions};
use oms_tests::rush::{self, Rush};

const CLIENTS: usize = 64;

fn edge(topology: u16) -> Edge {
    Edge::start(EdgeOptions { topology, ..EdgeOptions::default() }).unwrap()
}

fn check(rush: &Rush, on_hand: usize, orders: usize) {
    let complaints = rush.complaints(on_hand, orders);
    assert!(complaints.is_empty(), "{complaints:#?}\n{rush:#?}");
}

#[test]
fn a_hundred_units_are_sold_a_hundred_times() {
    let edge = edge(8);
    let rush = rush::single(&edge.client(), "single", 100, CLIENTS, 300).unwrap();
    check(&rush, 100, 300);
    assert_eq!(rush.told_what_is_left, 200, "everybody else is told at once that nothing is left");
}

#[test]
fn orders_that_overlap_on_two_objects_sell_all_and_leak_nothing() {
    let edge = edge(8);
    let rush = rush::overlapping(&edge.client(), "overlap", 8, 40, CLIENTS, 200).unwrap();
    check(&rush, 40, 200);
}

#[test]
fn the_last_pair_of_goods_goes_to_somebody() {
    let edge = edge(8);
    for round in 0..20 {
        let rush = rush::overlapping(&edge.client(), &format!("pair{round}"), 8, 1, 8, 8).unwrap();
        check(&rush, 1, 8);
    }
}

#[test]
fn one_object_sells_no_more_and_no_less() {
    let edge = edge(1);
    let rush = rush::overlapping(&edge.client(), "together", 1, 40, CLIENTS, 120).unwrap();
    check(&rush, 40, 120);
}
