//! How many API calls the org has left.

/// From `Sforce-Limit-Info: api-usage=10018/100000`, which each answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Calls of all programs in the last 24 hours.
    pub used: u64,
    /// Calls that the org may make in 24 hours.
    pub max: u64,
}

impl Budget {
    pub fn left(self) -> u64 {
        self.max.saturating_sub(self.used)
    }

    /// `None` when the header does not tell the org's usage.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let part = header.split([';', ',']).find_map(|p| p.trim().strip_prefix("api-usage="))?;
        let (used, max) = part.split_once('/')?;
        Some(Self { used: used.trim().parse().ok()?, max: max.trim().parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orgs_usage_is_read_and_an_apps_is_not() {
        let want = Some(Budget { used: 10_018, max: 100_000 });
        for header in [
            "api-usage=10018/100000",
            "api-usage=10018/100000; per-app-api-usage=17/250(appName=x)",
            "per-app-api-usage=17/250(appName=x), api-usage=10018/100000",
        ] {
            assert_eq!(Budget::parse(header), want);
        }
        for header in ["", "per-app-api-usage=17/250(appName=x)", "api-usage=x/y", "api-usage=5"] {
            assert_eq!(Budget::parse(header), None);
        }
        assert_eq!(Budget { used: 9, max: 5 }.left(), 0);
    }
}
