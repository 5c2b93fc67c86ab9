//! Movements: what comes, goes, is counted or changes places, each once, all lines or none.

use oms_core::order::Disposition;
use oms_core::stock::{Event, MoveLine, Posting, Reason, Refusal, Verdict};
use oms_core::value::Quantity;

use crate::kit::*;

fn five() -> Vec<Event> {
    stocked(&[("mug", "east", 5)])
}

fn adjust(change: i64) -> MoveLine {
    MoveLine::Adjust { sku: sku("mug"), location: place("east"), by: by(change), reason: Reason::Damaged }
}

fn come_back(quantity: u64, disposition: Disposition) -> MoveLine {
    MoveLine::Return { sku: sku("mug"), location: place("east"), quantity: units(quantity), disposition }
}

fn lost(quantity: u64, reason: Reason) -> Posting {
    Posting::Lost { sku: sku("mug"), location: place("east"), quantity: units(quantity), reason }
}

fn found(quantity: u64, reason: Reason) -> Posting {
    Posting::Found { sku: sku("mug"), location: place("east"), quantity: units(quantity), reason }
}

fn not_enough(line: u32, available: u64) -> Refusal {
    Refusal::NotEnough { line, sku: sku("mug"), location: place("east"), available: units(available) }
}

#[test]
fn goods_come_in() {
    let stock =
        given([item("mug")]).when(movement("po-1", vec![receive(5)])).then([received("po-1", &[("mug", "east", 5)])]);
    assert_eq!(figures(&stock, "mug", "east"), (units(5), units(0), units(0)));
}

#[test]
fn the_books_change_with_a_reason() {
    given(five()).when(movement("a", vec![adjust(-2)])).then([moved("a", vec![lost(2, Reason::Damaged)])]);
    given(five()).when(movement("a", vec![adjust(2)])).then([moved("a", vec![found(2, Reason::Damaged)])]);
    given(five()).when(movement("a", vec![adjust(-6)])).refused(not_enough(1, 5));
    given(five()).when(movement("a", vec![adjust(0)])).refused(Refusal::NothingAsked { line: 1 });
}

#[test]
fn a_count_posts_the_difference() {
    given(five()).when(movement("c", vec![count(3)])).then([moved("c", vec![lost(2, Reason::Correction)])]);
    given(five()).when(movement("c", vec![count(6)])).then([moved("c", vec![found(1, Reason::Correction)])]);
    given(five()).when(movement("c", vec![count(5)])).then([moved("c", vec![])]);
    given(five()).when(movement("c", vec![count(0)])).then([moved("c", vec![lost(5, Reason::Correction)])]);
}

#[test]
fn goods_change_places() {
    let posting = Posting::Transferred { sku: sku("mug"), from: place("east"), to: place("west"), quantity: units(2) };
    let stock = given(five()).when(movement("t", vec![transfer("east", "west", 2)])).then([moved("t", vec![posting])]);
    assert_eq!((shelf(&stock, "mug", "east").on_hand, shelf(&stock, "mug", "west").on_hand), (units(3), units(2)));
    given(five()).when(movement("t", vec![transfer("east", "east", 2)])).refused(Refusal::SameLocation { line: 1 });
    given(five()).when(movement("t", vec![transfer("east", "west", 6)])).refused(not_enough(1, 5));
}

#[test]
fn what_is_set_aside_or_quarantined_stays_where_it_is() {
    given(five())
        .and(held(1, &[mugs(4)]))
        .when(movement("t", vec![transfer("east", "west", 2)]))
        .refused(not_enough(1, 1));
    let back = vec![come_back(2, Disposition::Quarantine), transfer("east", "west", 6)];
    given(five()).when(movement("t", back)).refused(not_enough(2, 5));
}

#[test]
fn what_comes_first_makes_good_what_is_promised() {
    let short = given(five()).and(held(1, &[mugs(4)])).and(moved("c", vec![lost(3, Reason::Lost)])).and(shortage(2));
    short.when(movement("t", vec![receive(3), transfer("east", "west", 2)])).refused(not_enough(2, 1));
}

#[test]
fn goods_come_back_for_sale_or_apart() {
    let lines = vec![come_back(2, Disposition::Restock), come_back(1, Disposition::Quarantine)];
    let stock = given(five()).when(movement("r", lines)).happened();
    assert_eq!(figures(&stock, "mug", "east"), (units(8), units(0), units(1)));
    assert_eq!(
        (stock.available(&sku("mug"), &place("east"), None), shelf(&stock, "mug", "east").sums.returned),
        (units(7), units(3))
    );
}

#[test]
fn a_movement_is_posted_once() {
    let posted = || given(five()).and(received("po-1", &[("mug", "east", 5)]));
    posted().when(movement("po-1", vec![receive(5)])).nothing();
    posted().when(movement("po-1", vec![receive(9)])).nothing();
    posted().when(movement("po-2", vec![receive(9)])).then([received("po-2", &[("mug", "east", 9)])]);
    given(five())
        .and(moved("c", vec![]))
        .and(received("po", &[("mug", "east", 1)]))
        .when(movement("c", vec![count(5)]))
        .nothing();
}

#[test]
fn all_lines_of_a_movement_are_posted_or_none() {
    let unknown = MoveLine::Receive { sku: sku("gin"), location: place("east"), quantity: units(1) };
    let refusal = Refusal::UnknownSku { line: 2, sku: sku("gin") };
    given(five()).when(movement("po", vec![receive(5), unknown])).refused(refusal);
    given(five()).when(movement("po", vec![receive(5), receive(0)])).refused(Refusal::NothingAsked { line: 2 });
}

#[test]
fn each_line_sees_what_the_lines_before_it_did() {
    let there_and_back = vec![transfer("east", "west", 5), transfer("west", "east", 5), adjust(-5)];
    let stock = given(five()).when(movement("t", there_and_back)).happened();
    assert_eq!(figures(&stock, "mug", "east"), (units(0), units(0), units(0)));
    given(five()).when(movement("t", vec![adjust(-3), adjust(-3)])).refused(not_enough(2, 2));
    let counted = vec![receive(2), count(6)];
    let (came, gone) = (
        Posting::Received { sku: sku("mug"), location: place("east"), quantity: units(2) },
        lost(1, Reason::Correction),
    );
    given(five()).when(movement("c", counted)).then([moved("c", vec![came, gone])]);
}

#[test]
fn a_count_may_leave_less_than_is_promised_and_says_so() {
    let held = || given(five()).and(held(1, &[mugs(4)]));
    let lost = moved("c", vec![lost(3, Reason::Correction)]);
    held().when(movement("c", vec![count(2)])).then([lost.clone(), shortage(2)]);
    let short = || held().and(lost.clone()).and(shortage(2));
    short().when(reserve(2, &[mugs(1)])).then([refused(2, vec![short_of(4)])]);
    short().when(movement("po", vec![receive(1)])).then([received("po", &[("mug", "east", 1)]), shortage(1)]);
    short().when(release(1)).then([released(1, &[mugs(4)]), shortage(0)]);
}

fn short_of(undecided: u64) -> oms_core::stock::Short {
    short(1, "mug", "east", 0, undecided)
}

#[test]
fn what_is_in_quarantine_is_judged_and_nothing_else() {
    let judge = |quantity: u64, verdict: Verdict| MoveLine::Judge {
        sku: sku("mug"),
        location: place("east"),
        quantity: units(quantity),
        verdict,
    };
    let judged = |quantity: u64, verdict: Verdict| Posting::Judged {
        sku: sku("mug"),
        location: place("east"),
        quantity: units(quantity),
        verdict,
    };
    let back = Posting::Returned {
        sku: sku("mug"),
        location: place("east"),
        quantity: units(3),
        disposition: Disposition::Quarantine,
    };
    let kept = || given(five()).and(moved("back", vec![back.clone()]));
    kept().when(movement("q", vec![judge(2, Verdict::Restock), judge(2, Verdict::Scrap)])).refused(not_enough(2, 1));
    let both = vec![judge(2, Verdict::Restock), judge(1, Verdict::Scrap)];
    let postings = vec![judged(2, Verdict::Restock), judged(1, Verdict::Scrap)];
    let stock = kept().when(movement("q", both)).then([moved("q", postings)]);
    let shelf = shelf(&stock, "mug", "east");
    assert_eq!((shelf.on_hand, shelf.quarantined, shelf.free(Quantity::ZERO)), (units(7), Quantity::ZERO, units(7)));
    assert_eq!(shelf.sums.balance(), Some(shelf.on_hand));
    given(five()).when(movement("q", vec![judge(1, Verdict::Restock)])).refused(not_enough(1, 0));
    kept().when(movement("q", vec![judge(0, Verdict::Scrap)])).refused(Refusal::NothingAsked { line: 1 });
    // What is not there cannot be scrapped, but it can be written off as found fit.
    let lost = || kept().and(moved("c", vec![lost(6, Reason::Lost)])).and(shortage(1));
    lost().when(movement("q", vec![judge(3, Verdict::Scrap)])).refused(not_enough(1, 2));
    lost().when(movement("q", vec![judge(3, Verdict::Restock)])).happened();
}

#[test]
fn a_balance_stays_within_its_bounds_and_so_do_the_sums_behind_it() {
    let all = MoveLine::Receive { sku: sku("mug"), location: place("east"), quantity: Quantity::MAX };
    let out = MoveLine::Count { sku: sku("mug"), location: place("east"), counted: Quantity::ZERO };
    given(five()).when(movement("po", vec![all.clone()])).refused(Refusal::TooMuch { line: 1 });
    given([item("mug")]).when(movement("po", vec![all.clone(), out.clone()])).happened();
    given([item("mug")]).when(movement("po", vec![all.clone(), out, all])).refused(Refusal::TooMuch { line: 3 });
}
