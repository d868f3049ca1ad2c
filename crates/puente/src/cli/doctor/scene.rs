//! What the checks look at: numbers and orgs of the configuration, each with a
//! client, for as long as it is of any use.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::ids::PhoneNumberId;
use model::{Ambient, Exchange, Fault};
use secrecy::ExposeSecret;
use whatsapp::client::Token;
use whatsapp::wire::node::NumberInfo;

use super::said::{Said, Verdict};
use crate::app::{Doors, salesforce_client, whatsapp_client};
use crate::config::{App, Config, Flow, Number, Secret, Tenant};

pub struct Scene<'a> {
    pub config: &'a Config,
    pub doors: Doors,
    /// The way to our own public address.
    pub public: Arc<dyn Exchange>,
    pub ambient: Ambient,
}

impl Scene<'_> {
    /// Each host that answers with a `Date`.
    pub fn remotes(&self) -> Vec<(&'static str, Arc<dyn Exchange>, String)> {
        let tenants = &self.config.tenants;
        let graphs: BTreeSet<_> =
            tenants.iter().flat_map(|t| &t.numbers).map(|n| n.graph_url.as_str()).collect();
        let orgs: BTreeSet<_> = tenants.iter().map(sign_in_host).collect();
        let meta =
            graphs.iter().map(|url| ("Meta", self.doors.meta.clone(), format!("{}/", base(url))));
        let salesforce = orgs.iter().map(|url| {
            ("Salesforce", self.doors.salesforce.clone(), format!("{}/services/data", base(url)))
        });
        meta.chain(salesforce).collect()
    }

    /// Addresses at which an app's webhook may be taken; the usual one first.
    pub fn callbacks(&self, at: usize) -> Vec<String> {
        callbacks(self.config, at)
    }
}

fn sign_in_host(tenant: &Tenant) -> &str {
    match &tenant.salesforce.flow {
        Flow::JwtBearer { login_url, .. } => login_url,
        Flow::ClientCredentials { my_domain_url, .. } => my_domain_url,
    }
}

fn base(url: &str) -> &str {
    url.trim_end_matches('/')
}

fn callbacks(config: &Config, at: usize) -> Vec<String> {
    let (Some(url), Some(app)) = (&config.server.public_url, config.apps.get(at)) else {
        return Vec::new();
    };
    let mut paths = vec![format!("/a/{}/messages", app.id)];
    if at == 0 {
        paths.insert(0, "/messages".to_owned());
    }
    let of_app = |tenant: &&Tenant| tenant.numbers.iter().any(|n| n.app == app.id);
    let mut tenants = config.tenants.iter().filter(of_app);
    if let (Some(tenant), None) = (tenants.next(), tenants.next()) {
        paths.push(format!("/t/{}/messages", tenant.id));
    }
    paths.into_iter().map(|path| format!("{}{path}", base(url))).collect()
}

/// Where a secret stands, for cures: never what it is.
pub fn place(secret: &Secret) -> String {
    match secret {
        Secret::File(path) => format!("the file {}", path.display()),
        Secret::Env(name) => format!("the environment variable {name}"),
    }
}

/// The app's own token, which some questions need.
pub fn app_token(app: &App) -> Option<Token> {
    let secret = app.secret.read("app.secret").ok()?;
    Some(Token::of_app(app.meta_app_id.as_deref()?, secret.expose_secret()))
}

/// A business number.
pub struct Line<'a> {
    pub number: &'a Number,
    pub app: Option<&'a App>,
    pub callbacks: Vec<String>,
    /// Or why there is none.
    pub client: Result<whatsapp::Client, String>,
    pub info: Result<NumberInfo, Said>,
}

impl<'a> Line<'a> {
    pub fn all(scene: &Scene<'a>) -> Vec<Self> {
        let config = scene.config;
        let numbers = config.tenants.iter().flat_map(|tenant| &tenant.numbers);
        numbers
            .map(|number| {
                let at = config.apps.iter().position(|app| app.id == number.app);
                Self {
                    number,
                    app: at.and_then(|at| config.apps.get(at)),
                    callbacks: at.map(|at| callbacks(config, at)).unwrap_or_default(),
                    client: whatsapp_client(number, &scene.doors).map_err(|why| format!("{why:#}")),
                    info: Err(Said::skip("not asked")),
                }
            })
            .collect()
    }

    pub fn subject(&self) -> &'a str {
        &self.number.display
    }

    /// Reads the number. A token that is refused everywhere is told once.
    pub async fn look(&mut self, of_token: &Said) {
        let id = PhoneNumberId::new(&self.number.phone_number_id);
        let asked = match &self.client {
            Ok(client) => client.number(&id).await.map_err(|fault| Said::of(&fault)),
            Err(_) => Err(Said::skip("no token")),
        };
        self.info = match asked {
            Err(_) if of_token.verdict == Verdict::Fail => {
                let why = "Meta does not answer this token (see meta-token)";
                self.client = Err(why.to_owned());
                Err(Said::skip(why))
            }
            asked => asked,
        };
    }
}

/// A tenant's org.
pub struct Org<'a> {
    pub tenant: &'a Tenant,
    /// Or why there is none.
    pub client: Result<salesforce::Client, String>,
    /// Why Salesforce did not sign us in.
    pub refused: Option<Fault>,
}

impl<'a> Org<'a> {
    pub fn all(scene: &Scene<'a>) -> Vec<Self> {
        let open = |tenant| {
            let client = salesforce_client(tenant, &scene.ambient, &scene.doors, None);
            Self { tenant, client: client.map_err(|why| format!("{why:#}")), refused: None }
        };
        scene.config.tenants.iter().map(open).collect()
    }

    pub fn subject(&self) -> &'a str {
        &self.tenant.id
    }

    /// Lets go of a client that cannot sign in: it would only repeat itself.
    pub fn look(&mut self, of_sign_in: &Said) {
        if of_sign_in.verdict == Verdict::Fail {
            self.refused = self.client.as_ref().ok().and_then(|c| c.tokens().parked());
            self.client = Err("not signed in (see salesforce-sign-in)".to_owned());
        }
    }
}
