//! A till's journal: signed, chained, taken in once, whatever becomes of a line.

use oms_core::till::Signed;
use oms_tests::shop::everywhere;
use oms_tests::till::enrolled;
use serde_json::{Value, json};

use crate::{in_order, soon};

#[test]
fn u10_a_journal_is_signed_chained_and_taken_in_once() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        let first = till.sell(&[("red", "1", 1_000)]);
        let second = till.sell(&[("blue", "2", 250)]);
        let third = till.sell(&[("red", "1", 1_000)]);

        // What comes too early is asked for again from where it is missing.
        let early = till.upload(shop, &[third.clone(), second.clone()]).expect(200).body;
        assert_eq!((&early["ack_upto"], &early["need_from"]), (&json!(0), &json!(1)));
        assert_eq!(early["results"][0]["code"], "gap");

        // In any batches, any number of times: the same.
        let told = till.upload(shop, &[first.clone(), second.clone()]).expect(200).body;
        assert_eq!((&told["ack_upto"], &told["state"]), (&json!(2), &json!("active")));
        assert_eq!(told["results"][0]["order"], json!(first.entry.name().order_id(first.entry.at)));
        let told = till.upload(shop, &[second.clone(), third.clone()]).expect(200).body;
        let statuses: Vec<_> = told["results"].as_array().expect("results").iter().map(|one| &one["status"]).collect();
        assert_eq!((statuses, &told["ack_upto"]), (vec![&json!("known"), &json!("recorded")], &json!(3)));

        // Another entry under a number that is taken: the journal is not what it was.
        let mut twin = till.clone();
        twin.journal.truncate(2);
        let mut forked = third.clone();
        forked.entry.at = forked.entry.at.saturating_add_millis(1);
        forked.hash = forked.entry.hash().expect("a hash");
        let told = till.upload(shop, &[forked]).expect(200).body;
        assert_eq!((&told["results"][0]["code"], &told["state"]), (&json!("fork"), &json!("quarantined")));

        let entries = shop.get("/v1/tills/till-1/entries").expect(200).body;
        assert_eq!(entries["data"].as_array().map(Vec::len), Some(3));
        assert_eq!(entries["data"][1]["hash"], json!(second.hash));
        let odd = shop.get("/v1/tills/till-1/exceptions").expect(200).body;
        assert!(odd["data"].as_array().expect("exceptions").iter().any(|one| one["code"] == "fork"), "{odd:#}");
    });
}

/// An entry as a line of an upload.
fn line(entry: &Signed) -> String {
    serde_json::to_string(entry).expect("JSON")
}

/// The same with its end cut off: nothing of it can be read.
fn torn(entry: &Signed) -> String {
    line(entry)[..200].to_owned()
}

/// What became of the lines of an upload: their numbers, and how.
fn results(told: &Value) -> Vec<(u64, &str)> {
    let results = told["results"].as_array().expect("results").iter();
    results
        .map(|one| {
            let how = one["code"].as_str().or(one["status"].as_str()).expect("a word");
            (one["seq"].as_u64().expect("a number"), how)
        })
        .collect()
}

#[test]
fn u10_a_line_that_cannot_be_read_keeps_no_other_from_being_taken_in() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        let all: Vec<Signed> = (0..6).map(|_| till.sell(&[("red", "1", 1_000)])).collect();

        // Alone at the end nothing vouches for it yet: it waits, and is evidence already.
        let told = till.upload_lines(shop, &[line(&all[0]), torn(&all[1])]).expect(200).body;
        assert_eq!(results(&told), [(1, "recorded"), (2, "unreadable")], "{told:#}");
        assert_eq!(
            (&told["ack_upto"], &told["need_from"], &told["state"]),
            (&json!(1), &Value::Null, &json!("active"))
        );
        // The next one says what it comes after.
        let lines = [torn(&all[1]), line(&all[2]), line(&all[3])];
        for how in ["recorded", "known"] {
            let told = till.upload_lines(shop, &lines).expect(200).body;
            assert_eq!(results(&told), [(2, "unreadable"), (3, how), (4, how)], "{told:#}");
            assert_eq!((&told["ack_upto"], &told["state"]), (&json!(4), &json!("active")));
        }
        let entries = shop.get("/v1/tills/till-1/entries").expect(200).body;
        let seqs: Vec<&Value> = entries["data"].as_array().expect("entries").iter().map(|one| &one["seq"]).collect();
        assert_eq!(seqs, [1, 3, 4]);
        let odd = shop.get("/v1/tills/till-1/exceptions").expect(200).body;
        let kept: Vec<&Value> =
            odd["data"].as_array().expect("exceptions").iter().filter(|one| one["code"] == "unreadable").collect();
        assert_eq!(kept.len(), 1, "{odd:#}");
        assert_eq!((&kept[0]["seq"], &kept[0]["detail"]), (&json!(2), &json!(torn(&all[1]))));

        // Should it come after all, it is the very entry that the next one follows: a sale like every other.
        let told = till.upload_lines(shop, &[line(&all[1])]).expect(200).body;
        assert_eq!((results(&told), &told["ack_upto"]), (vec![(2, "recorded")], &json!(4)), "{told:#}");
        let id = json!({"id": all[1].entry.name().order_id(all[1].entry.at)});
        soon(shop, "the order", |shop| shop.get(&crate::path(&id)).status == 200);
        // Several in a row, one of which is no JSON at all.
        let told = till.upload_lines(shop, &["{]".to_owned(), line(&all[5])]).expect(200).body;
        assert_eq!(
            (results(&told), &told["ack_upto"]),
            (vec![(5, "unreadable"), (6, "recorded")], &json!(6)),
            "{told:#}"
        );
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "5");
        in_order(shop);
    });
}

#[test]
fn u10_behind_a_line_that_cannot_be_read_no_other_history_is_taken_in() {
    everywhere(|shop| {
        shop.open();
        // Two devices with one key: both go on from the first entry, each with a history of its own.
        let mut till = enrolled(shop, "till-1");
        till.sell(&[("red", "1", 1_000)]);
        till.sync(shop).expect(200);
        let mut twin = till.clone();
        let ours: Vec<Signed> = (0..3).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let theirs: Vec<Signed> = (0..3).map(|_| twin.sell(&[("blue", "1", 250)])).collect();
        // What cannot be read says that it is another entry than the next one follows.
        let other = json!({"hash": ours[0].hash}).to_string();
        let told = till.upload_lines(shop, &[other, line(&theirs[1])]).expect(200).body;
        assert_eq!(results(&told), [(2, "unreadable"), (3, "broken_chain")], "{told:#}");
        assert_eq!((&told["ack_upto"], &told["state"]), (&json!(1), &json!("quarantined")));

        // A history that was taken in over a hole is the only one from there on.
        let mut till = enrolled(shop, "till-2");
        till.sell(&[("red", "1", 1_000)]);
        till.sync(shop).expect(200);
        let mut twin = till.clone();
        let ours: Vec<Signed> = (0..2).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let theirs = twin.sell(&[("blue", "1", 250)]);
        till.upload_lines(shop, &[torn(&ours[0]), line(&ours[1])]).expect(200);
        let told = twin.upload(shop, &[theirs]).expect(200).body;
        assert_eq!((results(&told), &told["state"]), (vec![(2, "fork")], &json!("quarantined")), "{told:#}");

        // Without a signature nobody vouches for anything.
        let mut till = enrolled(shop, "till-3");
        let mut two: Vec<Signed> = (0..2).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        two[1].signature = two[0].signature.clone();
        let told = till.upload_lines(shop, &[torn(&two[0]), line(&two[1])]).expect(200).body;
        assert_eq!((results(&told), &told["ack_upto"]), (vec![(1, "unreadable"), (2, "bad_signature")], &json!(0)));
    });
}
