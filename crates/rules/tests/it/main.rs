//! Rules against tables of how it is in the world.

mod phones;
