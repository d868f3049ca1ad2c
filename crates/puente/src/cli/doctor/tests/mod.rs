//! Each check against both simulators, well and broken.

mod guides;
mod meta;
mod remote;
mod salesforce;
mod scene;
