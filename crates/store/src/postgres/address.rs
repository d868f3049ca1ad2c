//! The database's address: a URL, and in it how TLS is wanted, in the words of
//! PostgreSQL's own clients (PostgreSQL manual, "SSL Support" of libpq).

use std::path::PathBuf;
use std::str::FromStr;

use deadpool_postgres::tokio_postgres::Config;
use deadpool_postgres::tokio_postgres::config::SslMode;

use super::tls::Trust;
use crate::StoreError;

/// How far TLS goes: `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    /// Never.
    Disable,
    /// When the server has it. Whoever answers is believed.
    #[default]
    Prefer,
    /// Always. Whoever answers is believed.
    Require,
    /// Always, and the certificate must be issued for this host by somebody
    /// we trust.
    VerifyFull,
}

pub(crate) struct Address {
    pub config: Config,
    pub trust: Trust,
}

impl Address {
    /// `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=/path/ca.pem`
    ///
    /// # Errors
    /// `Unreachable`, with what to write instead. The URL itself may hold a
    /// password and is not shown.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut root, mut rest) = (Mode::default(), None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", word)) => mode = Mode::parse(word)?,
                Some(("sslrootcert", path)) => root = Some(PathBuf::from(path)),
                _ => rest.push(pair),
            }
        }
        let base = match rest.is_empty() {
            true => base.to_owned(),
            false => format!("{base}?{}", rest.join("&")),
        };
        let mut config = Config::from_str(&base).map_err(|_| {
            wrong("the database URL must read postgres://user:password@host:port/database")
        })?;
        config.ssl_mode(match mode {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::VerifyFull => SslMode::Require,
        });
        let trust = match (mode, root) {
            (Mode::VerifyFull, Some(path)) => Trust::File(path),
            (Mode::VerifyFull, None) => Trust::System,
            (_, None) => Trust::Anybody,
            (_, Some(_)) => {
                return Err(wrong(
                    "sslrootcert says whom to trust, which only sslmode=verify-full looks at: \
                     write that, or leave sslrootcert out",
                ));
            }
        };
        Ok(Self { config, trust })
    }
}

impl Mode {
    fn parse(word: &str) -> Result<Self, StoreError> {
        match word {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(wrong("sslmode is one of disable, prefer, require, verify-full")),
        }
    }
}

fn wrong(cure: &str) -> StoreError {
    StoreError::Unreachable(cure.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str) -> Result<Address, StoreError> {
        Address::parse(&format!("postgres://puente:geheim@db.example:5433/puente{query}"))
    }

    #[test]
    fn each_mode_is_understood() {
        for (query, mode, trust) in [
            ("", SslMode::Prefer, Trust::Anybody),
            ("?sslmode=disable", SslMode::Disable, Trust::Anybody),
            ("?sslmode=prefer&connect_timeout=3", SslMode::Prefer, Trust::Anybody),
            ("?sslmode=require", SslMode::Require, Trust::Anybody),
            ("?sslmode=verify-full", SslMode::Require, Trust::System),
            (
                "?sslrootcert=/a/ca.pem&sslmode=verify-full",
                SslMode::Require,
                Trust::File("/a/ca.pem".into()),
            ),
        ] {
            let address = parsed(query).unwrap();
            assert_eq!(address.config.get_ssl_mode(), mode, "{query}");
            assert_eq!(address.trust, trust, "{query}");
            assert_eq!(address.config.get_ports(), [5433], "{query}");
        }
    }

    #[test]
    fn what_would_trust_less_than_it_says_is_refused_without_the_password() {
        for (query, word) in [
            ("?sslmode=verify-ca", "verify-full"),
            ("?sslmode=requrie", "disable, prefer"),
            ("?sslmode=require&sslrootcert=/a/ca.pem", "verify-full"),
            ("?nonsense=1", "postgres://"),
        ] {
            let told = parsed(query).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(told.contains(word) && !told.contains("geheim"), "{query}: {told}");
        }
    }
}
