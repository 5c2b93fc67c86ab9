//! Problems that others published, with the optima they published.

use oms_core::optimizer::{check, solve};
use oms_tests::orlib::{is_optimum, load};

#[test]
fn the_published_optima_are_found_and_proven() {
    let instances = load();
    assert_eq!(instances.len(), 10);
    for instance in instances {
        let free = [(instance.uncapacitated, instance.uncapacitated_optimum)];
        for (problem, optimum) in free.into_iter().chain(instance.capacitated) {
            let answer = solve(&problem).expect("a problem");
            assert!(is_optimum(answer.cost, optimum), "{}: {} is not {optimum}", instance.name, answer.cost);
            assert!(answer.proven, "{}", instance.name);
            assert_eq!(check(&problem, &answer), Ok(()), "{}", instance.name);
        }
    }
}
