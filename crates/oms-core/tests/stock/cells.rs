//! Every command to a hold or a cart in every state: do it, done already, or no.

use oms_core::stock::{Command, Event};

use crate::kit::*;

fn verdict(history: &[Event], command: &Command) -> &'static str {
    let mut stock = replay(history);
    match stock.run(command, noon()) {
        (events, Ok(())) if events.is_empty() => "done",
        (_, Ok(())) => "do",
        (_, Err(_)) => "no",
    }
}

fn table(histories: &[(&str, Vec<Event>)], commands: &[(&str, Command)]) -> String {
    let row = |name: &str, cells: Vec<&str>| {
        let cells = cells.into_iter().fold(format!("{name:<18}"), |row, cell| format!("{row}{cell:<11}"));
        format!("{}\n", cells.trim_end())
    };
    let head = row("when", commands.iter().map(|(name, _)| *name).collect());
    histories.iter().fold(head, |table, (name, history)| {
        table + &row(name, commands.iter().map(|(_, command)| verdict(history, command)).collect())
    })
}

#[test]
fn every_command_to_a_hold_is_decided_in_every_stage() {
    let with = |steps: &[Event]| [stocked(&[("mug", "east", 5)]), steps.to_vec()].concat();
    let held = held(1, &[mugs(3)]);
    let stages = [
        ("absent", with(&[])),
        ("held", with(core::slice::from_ref(&held))),
        ("confirmed", with(&[held.clone(), confirmed(1)])),
        ("partly given back", with(&[held.clone(), released(1, &[mugs(1)])])),
        ("partly shipped", with(&[held.clone(), consumed(1, 1, &[mugs(1)])])),
        ("shipped", with(&[held.clone(), consumed(1, 1, &[mugs(3)])])),
        ("released", with(&[held, released(1, &[mugs(3)])])),
        ("refused", with(&[refused(1, vec![])])),
        ("tombstone", with(&[tombstoned(1)])),
    ];
    let commands = [
        ("reserve", reserve(1, &[mugs(3)])),
        ("release", release(1)),
        ("give back", give_back(1, &[mugs(1)])),
        ("confirm", confirm(1)),
        ("shipment 1", consume(1, 1, &[mugs(1)])),
        ("shipment 2", consume(1, 2, &[mugs(1)])),
        ("lapse", Command::Lapse),
    ];
    let expected = "\
when              reserve    release    give back  confirm    shipment 1 shipment 2 lapse
absent            do         do         do         no         no         no         done
held              done       do         do         do         do         do         done
confirmed         done       do         do         done       do         do         done
partly given back done       do         done       do         do         do         done
partly shipped    done       do         do         done       done       do         done
shipped           done       done       done       done       done       no         done
released          done       done       done       done       no         no         done
refused           done       done       done       no         no         no         done
tombstone         done       done       done       no         no         no         done
";
    let decided = table(&stages, &commands);
    assert_eq!(decided, expected, "\n{decided}");
}

#[test]
fn every_command_to_a_cart_is_decided_in_every_stage() {
    let with = |steps: &[Event]| [stocked(&[("mug", "east", 5)]), steps.to_vec()].concat();
    let ann = in_cart("ann", &[mugs(3)]);
    let Event::Held { hold, owner, parts, .. } = ann.clone() else { unreachable!() };
    let stale = Event::Held { hold, owner, parts, until: Some(noon()), taker: None };
    let stages = [
        ("absent", with(&[])),
        ("held", with(core::slice::from_ref(&ann))),
        ("its time is over", with(&[stale])),
        ("lapsed", with(&[ann, lapsed("ann", &[mugs(3)])])),
    ];
    let commands = [
        ("the same", hold_cart("ann", &[wish("mug", 3)])),
        ("more", hold_cart("ann", &[wish("mug", 5)])),
        ("too much", hold_cart("ann", &[wish("mug", 6)])),
        ("nothing", hold_cart("ann", &[])),
        ("lapse", Command::Lapse),
    ];
    let expected = "\
when              the same   more       too much   nothing    lapse
absent            do         do         no         done       done
held              done       do         no         do         done
its time is over  do         do         no         do         do
lapsed            do         do         no         done       done
";
    let decided = table(&stages, &commands);
    assert_eq!(decided, expected, "\n{decided}");
}

#[test]
fn the_stock_of_an_object_that_never_heard_of_anything_answers_too() {
    assert_eq!(oms_core::stock::Stock::decide(None, &Command::Lapse, noon()), Ok(vec![]));
    assert_eq!(oms_core::stock::Stock::decide(None, &release(1), noon()), Ok(vec![tombstoned(1)]));
}
