//! What a sign-in is made with.

use secrecy::SecretString;

/// One way to sign in without a person.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// OAuth 2.0 JWT bearer flow: preferred, no shared secret.
    JwtBearer {
        /// Where to ask: `https://login.salesforce.com`, `https://test.salesforce.com` or,
        /// better, the org's My Domain.
        login_url: String,
        consumer_key: String,
        /// The integration user's name, an e-mail-like text.
        username: String,
        /// RSA, 2,048 bits or more, PKCS#8 or PKCS#1, not encrypted.
        private_key_pem: SecretString,
        /// `https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox.
        audience: String,
    },
    /// OAuth 2.0 client credentials flow: runs as the user named in the app's policies.
    ClientCredentials {
        /// `https://….my.salesforce.com`; the login host refuses this flow.
        my_domain_url: String,
        client_id: String,
        client_secret: SecretString,
    },
}

impl Credentials {
    /// The host of the OAuth endpoints, without a slash at its end.
    pub fn host(&self) -> &str {
        match self {
            Self::JwtBearer { login_url, .. } => login_url,
            Self::ClientCredentials { my_domain_url, .. } => my_domain_url,
        }
        .trim_end_matches('/')
    }
}
