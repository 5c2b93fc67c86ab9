//! Where things are: the repository, the per-user cache, logs.

use std::path::{Path, PathBuf};

/// The root of the repository this xtask was built from.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Cargo's target directory; everything xtask writes besides the products goes to `target/xtask`.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

pub fn scratch(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// Tools are compiled once per user, not once per clone: `$ESTIBA_CACHE`, else `$XDG_CACHE_HOME/estiba`, else `~/.cache/estiba`.
pub fn cache() -> PathBuf {
    let named = std::env::var_os("ESTIBA_CACHE").map(PathBuf::from);
    let under_xdg = || std::env::var_os("XDG_CACHE_HOME").map(|dir| PathBuf::from(dir).join("estiba"));
    let under_home = || std::env::home_dir().map(|home| home.join(".cache").join("estiba"));
    named.or_else(under_xdg).or_else(under_home).unwrap_or_else(|| scratch("cache"))
}

/// The Worker as built: `index.js` and `index_bg.wasm`.
pub fn worker() -> PathBuf {
    root().join("build")
}

/// The browser bundle as built.
pub fn browser() -> PathBuf {
    root().join("www").join("pkg")
}

/// The till's app as built.
pub fn pos() -> PathBuf {
    root().join("www").join("pos")
}

pub fn node_bin(name: &str) -> PathBuf {
    root().join("node_modules").join(".bin").join(name)
}
