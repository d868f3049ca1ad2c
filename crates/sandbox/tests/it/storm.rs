//! A few seeds of the simulated world; `cargo xtask world` runs many.

use sandbox::world::outcome;

#[test]
fn the_world_holds_and_a_seed_means_one_run() {
    for seed in 0..4 {
        let (once, again) = (outcome(seed), outcome(seed));
        assert!(once.wrongs.is_empty(), "seed {seed}: {:#?}", once.wrongs);
        assert_eq!(once, again, "seed {seed} ran in two ways");
    }
}
