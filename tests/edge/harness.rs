//! The harness itself: a Worker starts, is killed, and comes back on the same port and disk.

use oms_tests::edge::{Edge, EdgeOptions};

#[test]
fn a_killed_worker_comes_back_on_its_port() {
    let mut edge = Edge::start(EdgeOptions::default()).unwrap();
    let client = edge.client();
    assert_eq!(client.get("/v1/health").unwrap().status, 200);
    edge.kill().unwrap();
    assert!(client.get("/v1/health").is_err(), "nobody listens after SIGKILL");
    edge.restart().unwrap();
    assert_eq!(client.get("/v1/health").unwrap().status, 200);
}

#[test]
fn two_workers_run_beside_each_other() {
    let (one, other) = (Edge::start(EdgeOptions::default()).unwrap(), Edge::start(EdgeOptions::default()).unwrap());
    assert_ne!(one.base_url(), other.base_url());
    assert_eq!(one.client().get("/v1/health").unwrap().json()["status"], "ok");
    assert_eq!(other.client().get("/v1/health").unwrap().json()["status"], "ok");
}
