//! Sends about which nobody knows whether Meta has them: put to a person, who
//! has them sent once more or gives them up.

pub mod drop;
pub mod list;
pub mod resend;
