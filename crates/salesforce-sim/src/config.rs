//! What kind of org is played.

use serde::{Deserialize, Serialize};

/// Everything that is fixed when the simulator starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// 15 or 18 characters, `00D...`.
    pub org_id: String,
    /// `instance_url` of every token, such as `https://acme.my.salesforce.com`.
    pub my_domain: String,
    /// The host that serves sign-in for all orgs; refuses client credentials.
    pub login_host: String,
    /// What a JWT may name as `aud`.
    pub audiences: Vec<String>,
    pub is_sandbox: bool,
    /// `""` or `"ns__"`: stands before every custom name of the package.
    pub namespace: String,
    pub apps: Vec<App>,
    pub users: Vec<User>,
    /// Calls in 24 hours (Salesforce Developer Limits, API requests).
    pub daily_api_requests: u64,
    /// Calls of 20 s and longer that may run at once: 25, in a Developer org 5
    /// (Salesforce Developer Limits, concurrent API requests).
    pub long_calls_max: usize,
    /// Rows of one query answer: 200 to 2,000.
    pub query_batch: usize,
    pub latency: Latency,
    /// Internal batches of Bulk API that the org works on at once.
    pub bulk_batches_at_once: usize,
    /// Internal batches in 24 hours (Bulk API and Bulk API 2.0 Limits and Allocations).
    pub bulk_batches_max: u64,
    /// Idle minutes after which a session ends.
    pub session_minutes: i64,
    /// Rows that fit into the data storage, at 2 KB each.
    pub storage_rows_max: Option<usize>,
    /// Fields that the customer added, as in the table of standard objects, each
    /// after its object: `Lead Region__c picklist(255) restricted {North|South}`.
    pub custom_fields: Vec<String>,
}

/// An external client app.
#[derive(Clone, Debug)]
pub struct App {
    pub name: String,
    pub consumer_key: String,
    pub consumer_secret: String,
    /// Certificate or RSA public key, PEM; turns the JWT bearer flow on.
    pub certificate: Option<String>,
    /// User names that the admin approved for this app.
    pub approved: Vec<String>,
    /// The run-as user; turns the client credentials flow on.
    pub run_as: Option<String>,
    pub scopes: String,
    /// Each refresh gives a new refresh token and ends the old one.
    pub rotate_refresh: bool,
}

#[derive(Clone, Debug)]
pub struct User {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub active: bool,
}

/// How long a write takes, and for how long it holds its locks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// Of each call.
    pub base_ms: u64,
    /// Of each row written.
    pub per_row_ms: u64,
    /// One call in a hundred takes up to this much more.
    #[serde(default)]
    pub tail_max_ms: u64,
}

impl Latency {
    /// No time passes: for tests of rules.
    pub const NONE: Self = Self { base_ms: 0, per_row_ms: 0, tail_max_ms: 0 };
    /// As measured against busy orgs, without the tail.
    pub const USUAL: Self = Self { base_ms: 120, per_row_ms: 8, tail_max_ms: 0 };
    /// The usual one with a tail to ten seconds.
    pub const TAILED: Self = Self { base_ms: 120, per_row_ms: 8, tail_max_ms: 10_000 };
}

impl Default for Config {
    /// A developer org with one user and one app that signs in by client
    /// credentials (`sim-consumer-key`, `sim-consumer-secret`).
    fn default() -> Self {
        let username = "integration@acme.example".to_owned();
        Self {
            org_id: "00DHo0000000001".into(),
            my_domain: "https://acme.my.salesforce.com".into(),
            login_host: "https://login.salesforce.com".into(),
            audiences: vec![
                "https://login.salesforce.com".into(),
                "https://acme.my.salesforce.com".into(),
            ],
            is_sandbox: false,
            namespace: String::new(),
            apps: vec![App {
                name: "puente".into(),
                consumer_key: "sim-consumer-key".into(),
                consumer_secret: "sim-consumer-secret".into(),
                certificate: None,
                approved: vec![username.clone()],
                run_as: Some(username.clone()),
                scopes: "api refresh_token".into(),
                rotate_refresh: false,
            }],
            users: vec![User {
                username,
                first_name: "Puente".into(),
                last_name: "Integration".into(),
                active: true,
            }],
            daily_api_requests: 15_000,
            long_calls_max: 5,
            query_batch: 2_000,
            latency: Latency::NONE,
            bulk_batches_at_once: 10,
            bulk_batches_max: 15_000,
            session_minutes: 120,
            storage_rows_max: None,
            custom_fields: Vec::new(),
        }
    }
}
