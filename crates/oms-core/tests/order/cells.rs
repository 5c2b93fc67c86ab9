//! Every command in every state: do it, done already, or no.

use oms_core::order::{Action, Command, Disposition, Event, Order};

use crate::kit::*;

/// Mugs in two stages of the way: one fulfillment as said, nothing else.
fn at(steps: &[Event]) -> Vec<Event> {
    [allocated(2), steps.to_vec()].concat()
}

fn orders() -> Vec<(&'static str, Vec<Event>)> {
    let gone = [picked(1), packed(1), left(1)];
    let all = canceled(vec![oms_core::order::CanceledPart {
        line: 1,
        open: units(2),
        backordered: units(0),
        allocated: vec![],
    }]);
    let reserving = reserving(0, &[part(1, "mug", "east", 2)]);
    vec![
        ("none", vec![]),
        ("draft", vec![drafted(&[("mug", 2)])]),
        ("open", vec![captured(&[("mug", 2)])]),
        ("reserving", vec![captured(&[("mug", 2)]), reserving.clone()]),
        ("missed", vec![captured(&[("mug", 2)]), reserving, missed(0)]),
        ("backordered", vec![patient(&[("mug", 2)]), backordered(&[(1, 2)], later(1))]),
        ("allocated", allocated(2)),
        ("picked", at(&[picked(1)])),
        ("packed", at(&[picked(1), packed(1)])),
        ("shipped", at(&gone)),
        ("delivered", [at(&gone), vec![delivered(1)]].concat()),
        ("turned down", at(&[turned_down(1)])),
        ("rejected", vec![captured(&[("mug", 2)]), Event::Rejected { short: vec![] }]),
        ("canceled", vec![captured(&[("mug", 2)]), all]),
        ("on hold", at(&[put_on_hold("fraud")])),
    ]
}

#[test]
fn every_command_to_an_order_is_decided_in_every_state() {
    let commands = [
        ("place", Command::Place(Box::new(placement(draft(&[("mug", 2)]), facts(&[("mug", "east", 2)]))))),
        ("confirm", Command::Confirm),
        ("cancel", cancel_all()),
        ("part", cancel(&[(1, 1)])),
        ("hold", hold("fraud")),
        ("lift", lift("fraud")),
        ("return", request_return("1", &[(1, 1)])),
        ("plan", plan(facts(&[("mug", "west", 2)]))),
        ("held", answered([holds_it(0, 0)])),
        ("refused", answered([refuses_it(0, 0)])),
        ("released", answered([oms_core::order::Answer::Released { hold: hold_of(0, 0) }])),
    ];
    let decided = table(&orders(), &commands, |history, command| verdict(history, command));
    let expected = "\
when          place    confirm  cancel   part     hold     lift     return   plan     held     refused  released
none          do       no       no       no       no       no       no       no       no       no       no
draft         no       do       do       do       do       no       no       done     done     done     done
open          no       done     do       do       do       no       no       do       done     done     done
reserving     no       done     do       do       do       no       no       done     do       do       done
missed        no       done     do       do       do       no       no       done     done     done     do
backordered   no       done     do       do       do       no       no       done     done     done     done
allocated     no       done     do       do       do       no       no       done     done     done     done
picked        no       done     no       no       do       no       no       done     done     done     done
packed        no       done     no       no       do       no       no       done     done     done     done
shipped       no       done     no       no       do       no       do       done     done     done     done
delivered     no       done     no       no       do       no       do       done     done     done     done
turned down   no       done     do       do       do       no       no       do       done     done     done
rejected      no       no       no       no       no       no       no       done     done     done     done
canceled      no       done     done     no       no       no       no       done     done     done     done
on hold       no       done     do       do       done     do       no       done     done     done     done
";
    assert_eq!(decided, expected, "\n{decided}");
}

#[test]
fn every_step_of_a_fulfillment_is_decided_in_every_stage() {
    let gone = [picked(1), packed(1), left(1)];
    let all = canceled(vec![oms_core::order::CanceledPart {
        line: 1,
        open: units(0),
        backordered: units(0),
        allocated: vec![(1, units(2))],
    }]);
    let stages = [
        ("none", vec![captured(&[("mug", 2)])]),
        ("open", allocated(2)),
        ("picked", at(&[picked(1)])),
        ("packed", at(&[picked(1), packed(1)])),
        ("shipped", at(&gone)),
        ("delivered", [at(&gone), vec![delivered(1)]].concat()),
        ("turned down", at(&[turned_down(1)])),
        ("canceled", at(&[all])),
    ];
    let steps =
        [("pick", pick(1)), ("pack", pack(1)), ("ship", ship(1)), ("deliver", deliver(1)), ("reject", reject(1))];
    let expected = "\
when          pick     pack     ship     deliver  reject
none          no       no       no       no       no
open          do       no       no       no       do
picked        done     do       no       no       do
packed        done     done     do       no       no
shipped       done     done     done     do       no
delivered     done     done     done     done     no
turned down   no       no       no       no       done
canceled      no       no       no       no       no
";
    let decided = table(&stages, &steps, |history, command| verdict(history, command));
    assert_eq!(decided, expected, "\n{decided}");
    let on_hold: Vec<_> = stages.map(|(name, history)| (name, [history, vec![put_on_hold("fraud")]].concat())).to_vec();
    let expected = "\
when          pick     pack     ship     deliver  reject
none          no       no       no       no       no
open          no       no       no       no       do
picked        done     no       no       no       do
packed        done     done     no       no       no
shipped       done     done     done     do       no
delivered     done     done     done     done     no
turned down   no       no       no       no       done
canceled      no       no       no       no       no
";
    let decided = table(&on_hold, &steps, |history, command| verdict(history, command));
    assert_eq!(decided, expected, "on hold\n{decided}");
}

#[test]
fn every_step_of_a_return_is_decided_in_every_stage() {
    let with = |steps: &[Event]| [shipped(2), steps.to_vec()].concat();
    let (asked, may_come) = (return_requested(1, &[(1, 2)]), Event::ReturnAuthorized { no: 1 });
    let lines = vec![came(1, 2, Disposition::Restock)];
    let came = Event::ReturnReceived { no: 1, location: place("west"), lines: lines.clone() };
    let stages = [
        ("none", shipped(2)),
        ("requested", with(core::slice::from_ref(&asked))),
        ("authorized", with(&[asked.clone(), may_come.clone()])),
        ("received", with(&[asked.clone(), may_come, came])),
        ("canceled", with(&[asked, Event::ReturnCanceled { no: 1, reason: None }])),
    ];
    let steps = [
        ("request", request_return("1", &[(1, 2)])),
        ("allow", authorize(1)),
        ("receive", receive(1, &lines)),
        ("cancel", cancel_return(1)),
    ];
    let expected = "\
when          request  allow    receive  cancel
none          do       no       no       no
requested     done     do       no       do
authorized    done     done     do       do
received      done     no       done     no
canceled      done     no       no       done
";
    let decided = table(&stages, &steps, |history, command| verdict(history, command));
    assert_eq!(decided, expected, "\n{decided}");
}

#[test]
fn what_an_order_says_can_be_done_is_what_it_does() {
    for (name, history) in orders() {
        let Some(order) = replay(&history, noon()) else { continue };
        for action in Action::ALL {
            let Some(command) = command_of(*action) else { continue };
            let says = order.actions().contains(action);
            assert_eq!(says, verdict(&history, &command) == "do", "{action} when {name}");
        }
    }
}

fn command_of(action: Action) -> Option<Command> {
    match action {
        Action::Confirm => Some(Command::Confirm),
        Action::Cancel => Some(cancel_all()),
        Action::Hold => Some(hold("a new one")),
        Action::Release => Some(lift("fraud")),
        Action::Return => Some(request_return("a new one", &[(1, 1)])),
        Action::Pick
        | Action::Pack
        | Action::Ship
        | Action::Arrive
        | Action::Deliver
        | Action::Reject
        | Action::Authorize
        | Action::Receive => None,
    }
}

#[test]
fn an_order_without_facts_to_plan_by_finds_nothing() {
    given([captured(&[("mug", 1)])])
        .when(plan(no_facts()))
        .then([Event::Rejected { short: vec![short(1, "mug", 1, 0)] }]);
    let order: Order = given([patient(&[("mug", 1)])]).order();
    assert_eq!(order.errands(noon()).len(), 1);
}
