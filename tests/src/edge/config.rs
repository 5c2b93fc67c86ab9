//! The configuration that workerd is started with.

use std::path::Path;

/// The files of the built Worker.
pub(super) const MODULES: [&str; 2] = ["index.js", "index_bg.wasm"];
/// The script of a neighbor, beside them in the folder.
pub(super) const NEIGHBOR: &str = "neighbor.js";
/// The same date as in wrangler.toml: the runtime behaves the same in tests and in production.
const COMPATIBILITY_DATE: &str = "2026-11-17";
/// Durable Object classes and the bindings they are reached by, as in wrangler.toml.
const OBJECTS: [(&str, &str); 4] = [("Slot", "SLOTS"), ("Tenant", "TENANT"), ("Index", "INDEX"), ("Till", "TILL")];

/// The Worker on one socket of the loopback, its objects on local disk, and no way out: not even to the network. A neighbor
/// listens on its own port.
pub(super) fn render(port: u16, disk: &Path, variables: &[(String, String)], neighbor: Option<u16>) -> String {
    let namespaces = OBJECTS.map(|(class, _)| {
        format!(
            "(className = {class}, uniqueKey = {unique}, enableSql = true)",
            class = text(class),
            unique = text(&format!("estiba-{class}"))
        )
    });
    let bindings =
        OBJECTS.map(|(class, binding)| format!("(name = {}, durableObjectNamespace = {})", text(binding), text(class)));
    let variables: Vec<String> =
        variables.iter().map(|(name, value)| format!("(name = {}, text = {})", text(name), text(value))).collect();
    let [script, wasm] = MODULES;
    let (neighbor_service, neighbor_socket, neighbor_worker) = neighbor.map(render_neighbor).unwrap_or_default();
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = {disk}, writable = true)),
    (name = "internet", network = (allow = [])),{neighbor_service}
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:{port}", http = (), service = "main"),{neighbor_socket}
  ],
);

const worker :Workerd.Worker = (
  compatibilityDate = "{COMPATIBILITY_DATE}",
  modules = [
    (name = "{script}", esModule = embed "{script}"),
    (name = "{wasm}", wasm = embed "{wasm}"),
  ],
  bindings = [
    {variables},
    {bindings},
  ],
  durableObjectNamespaces = [
    {namespaces},
  ],
  durableObjectStorage = (localDisk = "disk"),
);
{neighbor_worker}"#,
        disk = text(&disk.display().to_string()),
        variables = variables.join(",\n    "),
        bindings = bindings.join(",\n    "),
        namespaces = namespaces.join(",\n    "),
    )
}

/// Service, socket and worker of a neighbor.
fn render_neighbor(port: u16) -> (String, String, String) {
    let worker = format!(
        r#"
const neighbor :Workerd.Worker = (
  compatibilityDate = "{COMPATIBILITY_DATE}",
  modules = [(name = "{NEIGHBOR}", esModule = embed "{NEIGHBOR}")],
  bindings = [(name = "BARE", durableObjectNamespace = "Bare")],
  durableObjectNamespaces = [(className = "Bare", uniqueKey = "neighbor-Bare", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
"#
    );
    let service = "\n    (name = \"neighbor\", worker = .neighbor),".to_owned();
    let socket =
        format!("\n    (name = \"neighbor\", address = \"127.0.0.1:{port}\", http = (), service = \"neighbor\"),");
    (service, socket, worker)
}

/// A Cap'n Proto text literal.
fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_a_value_do_not_end_it() {
        assert_eq!(text(r#"[{"a":"\"}]"#), r#""[{\"a\":\"\\\"}]""#);
    }

    #[test]
    fn every_object_has_storage_and_a_binding() {
        let config = render(8787, Path::new("/tmp/disk"), &[("ESTIBA_KEYS".into(), "[]".into())], None);
        for (class, binding) in OBJECTS {
            assert!(
                config
                    .contains(&format!("(className = \"{class}\", uniqueKey = \"estiba-{class}\", enableSql = true)"))
            );
            assert!(config.contains(&format!("(name = \"{binding}\", durableObjectNamespace = \"{class}\")")));
        }
    }

    #[test]
    fn tests_and_production_run_the_same_runtime_and_objects() {
        let wrangler = include_str!("../../../wrangler.toml");
        assert!(wrangler.contains(&format!("compatibility_date = \"{COMPATIBILITY_DATE}\"")));
        for (class, binding) in OBJECTS {
            assert!(wrangler.contains(&format!("name = \"{binding}\"\nclass_name = \"{class}\"")));
        }
    }
}
