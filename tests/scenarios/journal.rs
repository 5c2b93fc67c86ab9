//! A till's journal: signed, chained, taken in once, whatever becomes of a line.

use oms_core::till::Signed;
use oms_tests::shop::{Shop, everywhere};
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
        let two: Vec<Signed> = (0..2).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let told = till.upload_lines(shop, &[torn(&two[0]), line(&signed_by(&two[1], &two[0]))]).expect(200).body;
        assert_eq!((results(&told), &told["ack_upto"]), (vec![(1, "unreadable"), (2, "unreadable")], &json!(0)));
    });
}

/// The same with another entry's signature.
fn signed_by(entry: &Signed, other: &Signed) -> Signed {
    Signed { signature: other.signature.clone(), ..entry.clone() }
}

/// The exceptions of a till: of which entry, and what.
fn exceptions(shop: &mut Shop, till: &str) -> Vec<(u64, String)> {
    let odd = shop.get(&format!("/v1/tills/{till}/exceptions")).expect(200).body;
    let one = |one: &Value| Some((one["seq"].as_u64()?, one["code"].as_str()?.to_owned()));
    odd["data"].as_array().expect("exceptions").iter().filter_map(one).collect()
}

#[test]
fn u10_a_damaged_signature_keeps_no_entry_from_being_taken_in() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        let all: Vec<Signed> = (0..3).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let damaged = signed_by(&all[1], &all[0]);
        // A stranger has no key to sign the request with, so that no line of theirs is even looked at.
        let mut stranger = enrolled(shop, "till-2");
        stranger.device = till.device.clone();
        let lines = [all[0].clone(), damaged.clone()];
        assert_eq!(stranger.upload(shop, &lines).expect(401).code(), "unauthorized");
        assert_eq!(shop.get("/v1/tills/till-1/entries").expect(200).body["data"], json!([]));

        // The device's own is recorded: its hash follows. What is wrong with it is said.
        let lines = [all[0].clone(), damaged.clone(), all[2].clone()];
        for how in ["recorded", "known"] {
            let told = till.upload(shop, &lines).expect(200).body;
            assert_eq!(results(&told), [(1, how), (2, how), (3, how)], "{told:#}");
            assert_eq!((&told["ack_upto"], &told["state"]), (&json!(3), &json!("active")));
            let odd = told["results"][1]["variances"].as_array().expect("variances");
            assert!(odd.iter().any(|one| one["code"] == "bad_signature"), "{told:#}");
        }
        let found = exceptions(shop, "till-1");
        assert_eq!(
            found.iter().filter(|(_, code)| code == "bad_signature").collect::<Vec<_>>(),
            [&(2, "bad_signature".to_owned())]
        );
        let id = json!({"id": all[1].entry.name().order_id(all[1].entry.at)});
        soon(shop, "the order", |shop| shop.get(&crate::path(&id)).status == 200);

        // Behind a line of which nothing can be read nobody says what it follows: it is passed over with that line.
        let two: Vec<Signed> = (0..2).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let last = till.sell(&[("red", "1", 1_000)]);
        let lines = [torn(&two[0]), line(&signed_by(&two[1], &two[0])), line(&last)];
        let told = till.upload_lines(shop, &lines).expect(200).body;
        assert_eq!(results(&told), [(4, "unreadable"), (5, "unreadable"), (6, "recorded")], "{told:#}");
        assert_eq!((&told["ack_upto"], &told["state"]), (&json!(6), &json!("active")));
        in_order(shop);
    });
}

#[test]
fn u10_an_entry_that_is_not_what_its_hash_says_is_evidence_and_no_sale() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        let all: Vec<Signed> = (0..3).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        let mut changed = all[1].clone();
        changed.entry.at = changed.entry.at.saturating_add_millis(1);
        let lines = [all[0].clone(), changed.clone(), all[2].clone()];
        for how in ["recorded", "known"] {
            let told = till.upload(shop, &lines).expect(200).body;
            assert_eq!(results(&told), [(1, how), (2, "unreadable"), (3, how)], "{told:#}");
            assert!(told["results"][1]["detail"].as_str().is_some_and(|text| text.contains("hash")), "{told:#}");
            assert_eq!((&told["ack_upto"], &told["state"]), (&json!(3), &json!("active")));
        }
        let found = exceptions(shop, "till-1");
        assert_eq!(found.iter().filter(|(_, code)| code == "unreadable").count(), 1, "{found:?}");
        // In the place of an entry that is there it is nothing either.
        changed.entry.seq = 1;
        let told = till.upload(shop, &[changed]).expect(200).body;
        assert_eq!((results(&told), &told["state"]), (vec![(1, "unreadable")], &json!("active")), "{told:#}");
        // Where only the hash that came with it is wrong, the signature says that it is what the device wrote.
        let mut fourth = till.sell(&[("red", "1", 1_000)]);
        fourth.hash = all[0].hash;
        let told = till.upload(shop, &[fourth]).expect(200).body;
        assert_eq!((results(&told), &told["state"]), (vec![(4, "recorded")], &json!("active")), "{told:#}");
        assert!(exceptions(shop, "till-1").contains(&(4, "broken_hash".to_owned())));
        // The entry itself is a sale, whenever it comes.
        assert_eq!(results(&till.upload(shop, &all[1..2]).expect(200).body), [(2, "recorded")]);
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "6");
        in_order(shop);
    });
}

#[test]
fn u10_what_a_line_that_cannot_be_read_says_of_its_hash_is_nobodys_word() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        till.sell(&[("red", "1", 1_000)]);
        till.sync(shop).expect(200);
        let all: Vec<Signed> = (0..3).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
        // Of the first one only a hash can be read, and that is damaged too.
        let lines = [json!({"hash": all[2].hash}).to_string(), torn(&all[1]), line(&all[2])];
        let told = till.upload_lines(shop, &lines).expect(200).body;
        assert_eq!(results(&told), [(2, "unreadable"), (3, "unreadable"), (4, "recorded")], "{told:#}");
        // The entries themselves turn up: they are the ones that the signed one follows.
        let told = till.upload(shop, &all[..2]).expect(200).body;
        assert_eq!(
            (results(&told), &told["state"]),
            (vec![(2, "recorded"), (3, "recorded")], &json!("active")),
            "{told:#}"
        );
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "6");
        in_order(shop);
    });
}

#[test]
fn u10_entries_in_a_row_that_could_not_be_read_come_after_all() {
    everywhere(|shop| {
        shop.open();
        for (id, together) in [("till-1", true), ("till-2", false)] {
            let mut till = enrolled(shop, id);
            till.sell(&[("red", "1", 1_000)]);
            till.sync(shop).expect(200);
            let mut twin = till.clone();
            let foreign = twin.sell(&[("blue", "1", 250)]);
            let all: Vec<Signed> = (0..4).map(|_| till.sell(&[("red", "1", 1_000)])).collect();
            let lines = [torn(&all[0]), torn(&all[1]), torn(&all[2]), line(&all[3])];
            let told = till.upload_lines(shop, &lines).expect(200).body;
            assert_eq!(told["ack_upto"], 5, "{told:#}");

            if together {
                let told = till.upload(shop, &all[..3]).expect(200).body;
                assert_eq!(results(&told), [(2, "recorded"), (3, "recorded"), (4, "recorded")], "{told:#}");
            } else {
                // Which one belongs there only the next one says: it is asked for first.
                let told = till.upload(shop, &all[1..2]).expect(200).body;
                assert_eq!((results(&told), &told["need_from"]), (vec![(3, "gap")], &json!(4)), "{told:#}");
                for at in [2, 1] {
                    let told = till.upload(shop, &all[at..=at]).expect(200).body;
                    assert_eq!(results(&told), [(at as u64 + 2, "recorded")], "{told:#}");
                }
                let told = till.upload(shop, std::slice::from_ref(&foreign)).expect(200).body;
                assert_eq!((results(&told), &told["state"]), (vec![(2, "fork")], &json!("quarantined")), "{told:#}");
                let told = till.upload(shop, &all[..1]).expect(200).body;
                assert_eq!(results(&told), [(2, "recorded")], "{told:#}");
            }
            let told = till.upload(shop, &all).expect(200).body;
            assert!(results(&told).iter().all(|(_, how)| *how == "known"), "{told:#}");
        }
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "0");
        in_order(shop);
    });
}
