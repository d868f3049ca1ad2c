//! The mark outside: which process of which installation sends from a number,
//! and how far it got. A database that the mark does not name may be a copy or
//! an old state, whose unfinished sends somebody else may have made.

/// What this process is, and what its database remembers of the mark.
#[derive(Clone, Debug)]
pub struct Here<'a> {
    pub installation: &'a str,
    /// Rises with each restore.
    pub generation: i64,
    /// When the newest send that this database knows of was begun, Unix ms.
    pub high_water: i64,
    /// Of this process.
    pub session: &'a str,
    /// Sessions that this database wrote, or was about to write.
    pub known: &'a [String],
    /// The database lies where it lay when it wrote them.
    pub same_place: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    pub installation: String,
    pub generation: i64,
    pub high_water: i64,
    /// `None`: who wrote it has stopped and was done.
    pub session: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The mark knows of sends that this database does not.
    Ahead,
    /// The database lies elsewhere now, and where it lay it did not stop.
    Copied,
    /// A process wrote it that this database does not know: one of a copy.
    OtherProcess,
    OtherInstallation,
    /// A restored database of this installation has taken over.
    NewerGeneration,
}

/// Whether this process may send from the number that the mark is about.
pub fn judge(here: &Here<'_>, there: Option<&There>) -> Result<(), Doubt> {
    let Some(there) = there else { return Ok(()) };
    let session = there.session.as_deref();
    if there.installation != here.installation {
        return if session.is_none() { Ok(()) } else { Err(Doubt::OtherInstallation) };
    }
    if there.generation > here.generation {
        return Err(Doubt::NewerGeneration);
    }
    // Restored since: what the lost database did is what the hold is for.
    if there.generation < here.generation {
        return Ok(());
    }
    if there.high_water > here.high_water {
        return Err(Doubt::Ahead);
    }
    match session {
        None => Ok(()),
        Some(session) if session == here.session => Ok(()),
        Some(session) if here.known.iter().any(|known| known == session) => {
            if here.same_place {
                Ok(())
            } else {
                Err(Doubt::Copied)
            }
        }
        Some(_) => Err(Doubt::OtherProcess),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(change: impl FnOnce(&mut There)) -> There {
        let mut there = There {
            installation: "ins_1".into(),
            generation: 2,
            high_water: 100,
            session: Some("before".into()),
        };
        change(&mut there);
        there
    }

    #[test]
    fn each_doubt_has_its_case() {
        let known = ["before".to_owned()];
        let here = Here {
            installation: "ins_1",
            generation: 2,
            high_water: 100,
            session: "now",
            known: &known,
            same_place: true,
        };
        let set = |session: Option<&str>| session.map(str::to_owned);
        for (there, want) in [
            (there(|_| ()), Ok(())),
            (there(|t| t.session = set(Some("now"))), Ok(())),
            (there(|t| t.session = None), Ok(())),
            (there(|t| t.high_water = 99), Ok(())),
            (there(|t| t.high_water = 101), Err(Doubt::Ahead)),
            (there(|t| (t.high_water, t.session) = (101, None)), Err(Doubt::Ahead)),
            (there(|t| t.session = set(Some("other"))), Err(Doubt::OtherProcess)),
            (there(|t| t.generation = 3), Err(Doubt::NewerGeneration)),
            (there(|t| (t.generation, t.high_water) = (1, 500)), Ok(())),
            (there(|t| t.installation = "ins_2".into()), Err(Doubt::OtherInstallation)),
            (there(|t| (t.installation, t.session) = ("ins_2".into(), None)), Ok(())),
        ] {
            assert_eq!(judge(&here, Some(&there)), want, "{there:?}");
        }
        assert_eq!(judge(&here, None), Ok(()));
        let moved = Here { same_place: false, ..here };
        assert_eq!(judge(&moved, Some(&there(|_| ()))), Err(Doubt::Copied));
        assert_eq!(judge(&moved, Some(&there(|t| t.session = None))), Ok(()));
    }
}
