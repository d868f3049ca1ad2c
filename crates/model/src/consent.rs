//! What a person agreed to be written about, and whether a send may go out.

use crate::UnixMs;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$note])* $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
            }
        }
    };
}

words! {
    /// What a message is for.
    Purpose {
        Marketing = "marketing",
        Utility = "utility",
        /// Replies: free-form, to somebody who wrote.
        Service = "service",
        /// Codes that the person is asking for at this moment.
        Authentication = "authentication",
        /// Says that an opt-out was heard.
        Notice = "notice",
    }
}

words! {
    ConsentKind { OptIn = "opt_in", OptOut = "opt_out" }
}

words! {
    /// Why a send may not go out.
    Denied {
        OptedOut = "puente.opted_out",
        NoConsent = "puente.no_consent",
    }
}

impl Purpose {
    /// Those that people are asked about, and can opt out of.
    pub const ASKED: [Self; 3] = [Self::Marketing, Self::Utility, Self::Service];

    /// By the category of a template, as Meta writes it.
    pub fn of_category(category: &str) -> Option<Self> {
        Some(match category {
            "MARKETING" => Self::Marketing,
            "UTILITY" => Self::Utility,
            "AUTHENTICATION" => Self::Authentication,
            _ => return None,
        })
    }
}

/// Whether a message needs a recorded opt-in, or only the absence of an opt-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Implied,
}

/// What a tenant asks for before it writes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentPolicy {
    pub marketing: Need,
    pub utility: Need,
}

impl ConsentPolicy {
    /// Whoever did not refuse may be written to.
    pub const IMPLIED: Self = Self { marketing: Need::Implied, utility: Need::Implied };
}

impl Default for ConsentPolicy {
    /// Marketing only to who asked for it. What belongs to an order or a visit is
    /// expected, and goes to whoever did not refuse it.
    fn default() -> Self {
        Self { marketing: Need::Required, utility: Need::Implied }
    }
}

/// The newest thing a person said about one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub kind: ConsentKind,
    pub happened_at: UnixMs,
}

impl ConsentPolicy {
    /// An opt-out from service holds until the person writes again: who writes
    /// is asking to be answered.
    pub fn check(
        self,
        purpose: Purpose,
        standing: Option<Standing>,
        last_inbound: Option<UnixMs>,
    ) -> Result<(), Denied> {
        let need = match purpose {
            Purpose::Notice | Purpose::Authentication => return Ok(()),
            Purpose::Marketing => self.marketing,
            Purpose::Utility => self.utility,
            Purpose::Service => Need::Implied,
        };
        match standing {
            Some(Standing { kind: ConsentKind::OptIn, .. }) => Ok(()),
            Some(out) => match (purpose, last_inbound) {
                (Purpose::Service, Some(wrote)) if wrote > out.happened_at => Ok(()),
                _ => Err(Denied::OptedOut),
            },
            None if need == Need::Required => Err(Denied::NoConsent),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_be_written_to() {
        const STRICT: ConsentPolicy =
            ConsentPolicy { marketing: Need::Required, utility: Need::Required };
        let lax = ConsentPolicy::IMPLIED;
        let usual = ConsentPolicy::default();
        let said = |kind| Some(Standing { kind, happened_at: UnixMs(10) });
        let (yes, no) = (said(ConsentKind::OptIn), said(ConsentKind::OptOut));
        let (out, none) = (Err(Denied::OptedOut), Err(Denied::NoConsent));
        let wrote = |at| Some(UnixMs(at));
        let table = [
            (lax, Purpose::Marketing, None, None, Ok(())),
            (lax, Purpose::Marketing, yes, None, Ok(())),
            (lax, Purpose::Marketing, no, None, out),
            // a new message is no new opt-in
            (lax, Purpose::Marketing, no, wrote(11), out),
            (lax, Purpose::Utility, no, wrote(11), out),
            (lax, Purpose::Utility, None, None, Ok(())),
            (usual, Purpose::Marketing, None, wrote(11), none),
            (usual, Purpose::Marketing, yes, None, Ok(())),
            (usual, Purpose::Utility, None, None, Ok(())),
            (STRICT, Purpose::Marketing, None, wrote(11), none),
            (STRICT, Purpose::Marketing, yes, None, Ok(())),
            (STRICT, Purpose::Marketing, no, None, out),
            (STRICT, Purpose::Utility, None, None, none),
            (STRICT, Purpose::Service, None, wrote(1), Ok(())),
            (STRICT, Purpose::Service, no, None, out),
            (STRICT, Purpose::Service, no, wrote(10), out),
            (STRICT, Purpose::Service, no, wrote(11), Ok(())),
            (STRICT, Purpose::Authentication, no, None, Ok(())),
            (STRICT, Purpose::Notice, no, None, Ok(())),
        ];
        for (policy, purpose, standing, wrote, may) in table {
            let told = policy.check(purpose, standing, wrote);
            assert_eq!(told, may, "{policy:?} {purpose:?} {standing:?} {wrote:?}");
        }
    }
}
