//! The promises, each as a test over the whole engine and both simulators.

mod drill;
mod economy;
mod kill;
mod nothing_lost;
mod nothing_twice;
mod order;
mod outages;
mod refused_parents;
mod scenarios;
mod statuses_only_rise;
mod tenants_never_meet;
mod world;
