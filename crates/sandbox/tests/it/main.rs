//! The promises, each as a test over the whole engine and both simulators.

mod breakers;
mod budget;
mod drill;
mod economy;
mod fault_table;
mod files;
mod files_large;
mod files_sent;
mod kill;
mod letters;
mod locks;
mod nothing_lost;
mod nothing_twice;
mod order;
mod outages;
mod reconcile;
mod refused_parents;
mod restore;
mod scenarios;
mod slow_meta;
mod statuses_only_rise;
mod storm;
mod tenants_never_meet;
mod uncertain_sends;
mod wire;
mod world;
