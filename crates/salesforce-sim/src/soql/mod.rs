//! A part of SOQL: one object, hops to parents, filters, order, groups.

mod aggregate;
mod ast;
mod compare;
mod lex;
mod literal;
mod parse;
mod resolve;
mod run;

pub use ast::Item;
pub use parse::parse;
pub use run::run;
