//! The nouns of puente. No I/O, no wire format, no clock of its own.
//!
//! Everything here is a value or a port. `rules` decides over these values,
//! `whatsapp` and `salesforce` translate them to and from their wires, `store`
//! remembers them and `engine` moves them.

mod ambient;
mod body;
mod consent;
mod exchange;
mod fault;
pub mod ids;
mod month;
pub mod planted;
mod retry;
mod status;
mod urgency;

pub use ambient::{Ambient, Chance, Clock, UnixMs};
pub use body::{Body, Flow};
pub use consent::{ConsentKind, ConsentPolicy, Denied, Need, Purpose, Standing};
pub use exchange::{Carried, Exchange, Lost, Outcome};
pub use fault::{Act, Code, Fault, Scope, Stage};
pub use month::Month;
pub use retry::RetryPolicy;
pub use status::{Merged, Status};
pub use urgency::Urgency;
