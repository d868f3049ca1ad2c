//! Whether a licence expression can be met by a list of licences: `OR` is a
//! choice, `AND` is not. The old `/` means `OR`.

/// Whether `expression` holds when each licence is judged by `allowed`.
///
/// # Errors
/// The expression cannot be read; the message has it.
pub fn holds(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    let value = reader.any();
    match value {
        Some(value) if reader.at == words.len() => Ok(value),
        _ => Err(format!("cannot read the licence `{expression}`")),
    }
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn any(&mut self) -> Option<bool> {
        let mut value = self.all()?;
        while self.take("OR") {
            value |= self.all()?;
        }
        Some(value)
    }

    fn all(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.take("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let value = self.any()?;
            return self.take(")").then_some(value);
        }
        let name = *self.words.get(self.at)?;
        if ["OR", "AND", "WITH", ")"].contains(&name) {
            return None;
        }
        self.at += 1;
        if self.take("WITH") {
            let exception = *self.words.get(self.at)?;
            self.at += 1;
            return Some((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Some((self.allowed)(name))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(there);
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_met_by_one_and_a_sum_only_by_all() {
        let allowed = |name: &str| ["MIT", "Apache-2.0", "ISC"].contains(&name);
        for (expression, met) in [
            ("MIT", true),
            ("AGPL-3.0-only", false),
            ("MIT OR LGPL-2.1-or-later", true),
            ("MIT AND LGPL-2.1-or-later", false),
            ("ISC AND (Apache-2.0 OR GPL-3.0)", true),
            ("(BUSL-1.1 OR GPL-3.0) AND MIT", false),
            ("MIT/GPL-3.0", true),
            ("Apache-2.0 WITH LLVM-exception", false),
        ] {
            assert_eq!(holds(expression, &allowed), Ok(met), "{expression}");
        }
    }

    #[test]
    fn nonsense_is_refused_and_not_waved_through() {
        for nonsense in ["", "MIT OR", "(MIT", "MIT ISC", "AND MIT", "MIT WITH"] {
            assert!(holds(nonsense, &|_| true).is_err(), "{nonsense}");
        }
    }
}
