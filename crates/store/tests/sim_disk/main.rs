//! The store on a disk that loses power (`sim-disk`). After each cut it is
//! opened the ordinary way, and every commit that was acknowledged must be
//! there, whole.

#[path = "../support/ambient.rs"]
mod ambient;
mod run;

use store::StoreError;

use crate::run::{Run, Verdict};

/// Every acknowledged commit outlives any cut, and no other is half there.
#[test]
fn acknowledged_commits_outlive_every_power_cut() {
    let (mut cuts, mut commits, mut in_checkpoint) = (0, 0, 0);
    for seed in 0..250 {
        let mut run = Run::new(seed, false);
        for _ in 0..3 {
            let before = run.acknowledged();
            in_checkpoint += u32::from(run.until_the_power_goes());
            assert_eq!(run.after_the_power_is_back(), Verdict::Whole, "seed {seed}");
            commits += run.acknowledged() - before;
            cuts += 1;
        }
    }
    assert!(commits > 5 * cuts, "{commits} commits in {cuts} rounds prove little");
    assert!(in_checkpoint > 12, "only {in_checkpoint} cuts fell into a checkpoint");
}

/// The same run must notice a store that does not wait for the disk.
#[test]
fn a_store_that_does_not_sync_is_caught() {
    let lost = (0..60).filter(|seed| {
        let mut run = Run::new(*seed, true);
        run.until_the_power_goes();
        run.after_the_power_is_back() != Verdict::Whole
    });
    let lost = lost.count();
    assert!(lost >= 20, "only {lost} of 60 runs without syncs were caught");
}

/// A refused commit leaves nothing, whether the power goes right after it or
/// there is room again first.
#[test]
fn a_full_disk_refuses_whole_and_heals() {
    for seed in 0..80 {
        let mut run = Run::new(seed, false);
        run.disk().room(300_000 + 1_000 * seed);
        let refused = run.until_refused();
        assert!(matches!(refused, StoreError::Full(_)), "seed {seed}: {refused}");
        assert!(run.whole(), "seed {seed}: something of a refused commit was kept");
        if seed % 2 == 0 {
            // Smaller ones may fit still.
            for _ in 0..5 {
                assert!(matches!(run.commit(), Ok(()) | Err(StoreError::Full(_))), "seed {seed}");
            }
            run.disk().room(u64::MAX);
            for _ in 0..5 {
                run.commit().expect("there is room again");
            }
            assert!(run.whole(), "seed {seed}");
        }
        assert_eq!(run.after_the_power_is_back(), Verdict::Whole, "seed {seed}");
    }
}

/// A sync that fails leaves the outcome in doubt: the store refuses all else.
#[test]
fn a_failed_sync_ends_the_store() {
    for seed in 0..20 {
        let mut run = Run::new(seed, false);
        for _ in 0..3 {
            run.commit().expect("the disk works");
        }
        run.disk().fail_next_sync();
        let error = run.commit().expect_err("the sync failed");
        assert!(matches!(error, StoreError::Broken(_)), "seed {seed}: {error}");
        assert!(matches!(run.commit(), Err(StoreError::Broken(_))), "seed {seed}");
        run.cut();
        assert_eq!(run.after_the_power_is_back(), Verdict::Whole, "seed {seed}");
    }
}
