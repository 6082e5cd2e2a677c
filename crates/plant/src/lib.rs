//! The physical massager and the body on it (work in progress).
pub mod body;
pub mod build;
pub mod conditions;
pub mod oracles;
pub use build::*;
pub use conditions::*;
