//! The holder of the session that all calls share.

use std::sync::Arc;
use std::time::Duration;

use model::ids::OrgId;
use model::{Act, Ambient, Exchange, Fault, RetryPolicy, Scope};
use parking_lot::Mutex;

use super::introspect::{Introspection, introspect};
use super::login::Login;
use super::{Credentials, Session};
use crate::faults::local;

/// How far apart sign-ins stand that fail for reasons which pass. At most a
/// minute, as calls: an org that is back must not wait for its sign-in. Where
/// Salesforce asks for more (login rate exceeded), its word counts.
const RETRY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 60_000, attempts_max: u32::MAX };

#[derive(Clone, Debug)]
pub struct TokensOptions {
    /// A session is renewed when it is this old. Sessions of Salesforce end
    /// after two idle hours unless the org says otherwise.
    pub renew_after: Duration,
    /// The org that was connected; a token for another one parks. `None` pins
    /// the first org seen.
    pub org_id: Option<OrgId>,
}

impl Default for TokensOptions {
    fn default() -> Self {
        Self { renew_after: Duration::from_secs(90 * 60), org_id: None }
    }
}

/// Signs in once for all, renews once for all, and parks instead of looping.
pub struct Tokens {
    exchange: Arc<dyn Exchange>,
    ambient: Ambient,
    login: Login,
    renew_after_ms: i64,
    /// Held while a sign-in is under way.
    signing_in: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    parked: Option<Fault>,
    pinned: Option<OrgId>,
    /// The last sign-in failed with this, and the next is not due before.
    failed: Option<(Fault, i64)>,
    failures: u32,
    serial: u64,
}

struct Held {
    session: Session,
    since_mono: i64,
    /// A call has succeeded with it.
    proved: bool,
}

impl Tokens {
    /// Reads the key; a bad one is a fault that names the field. Signs in at
    /// the first use.
    pub fn new(
        exchange: Arc<dyn Exchange>,
        ambient: Ambient,
        credentials: Credentials,
        options: TokensOptions,
    ) -> Result<Self, Fault> {
        Ok(Self {
            exchange,
            ambient,
            login: Login::new(credentials)?,
            renew_after_ms: i64::try_from(options.renew_after.as_millis()).unwrap_or(i64::MAX),
            signing_in: tokio::sync::Mutex::new(()),
            state: Mutex::new(State { pinned: options.org_id, ..State::default() }),
        })
    }

    /// The session to call with. Signs in when there is none; renews an old one,
    /// which goes on serving the others meanwhile and when the renewal fails
    /// for a reason that passes.
    pub async fn session(&self) -> Result<Session, Fault> {
        let old = match self.look()? {
            Found::Fresh(session) => return Ok(session),
            Found::Old(session) => Some(session),
            Found::None => None,
        };
        let _turn = match &old {
            Some(old) => match self.signing_in.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(old.clone()),
            },
            None => self.signing_in.lock().await,
        };
        // Another may have signed in, or failed, while this one waited.
        if let Found::Fresh(session) = self.look()? {
            return Ok(session);
        }
        match (self.sign_in().await, old) {
            (Err(fault), Some(old)) if fault.act != Act::Ask => Ok(old),
            (result, _) => result,
        }
    }

    /// The session to repeat a call with, after Salesforce said that `dead` has
    /// ended. Many callers with the same dead session cause one sign-in.
    pub async fn renew(&self, dead: &Session) -> Result<Session, Fault> {
        self.forget(dead);
        let _turn = self.signing_in.lock().await;
        match self.look()? {
            Found::Fresh(session) | Found::Old(session) => Ok(session),
            Found::None => self.sign_in().await,
        }
    }

    /// Asks Salesforce when the session ends.
    pub async fn introspect(&self) -> Result<Introspection, Fault> {
        let session = self.session().await?;
        introspect(&*self.exchange, self.login.credentials(), &session).await
    }

    /// Why no call can be made until an administrator has acted.
    pub fn parked(&self) -> Option<Fault> {
        self.state.lock().parked.clone()
    }

    /// The administrator has acted: the next call signs in again.
    pub fn resume(&self) {
        let mut state = self.state.lock();
        state.parked = None;
        state.failed = None;
        state.failures = 0;
        state.held = None;
    }

    /// The org whose tokens are accepted, once known.
    pub fn org_id(&self) -> Option<OrgId> {
        self.state.lock().pinned.clone()
    }

    /// A call succeeded with `session`.
    pub(crate) fn worked(&self, session: &Session) {
        if let Some(held) = &mut self.state.lock().held
            && held.session.serial == session.serial
        {
            held.proved = true;
        }
    }

    /// A policy of the org refuses the session: no renewal helps.
    pub(crate) fn park(&self, fault: &Fault) {
        let mut state = self.state.lock();
        state.held = None;
        state.parked = Some(fault.clone());
    }

    /// The session that a call was repeated with was refused, too. One that has
    /// never worked parks; one that has worked for another call meanwhile died
    /// again, and the call may be tried later.
    pub(crate) fn refused_again(&self, session: &Session, said: Fault) -> Fault {
        let mut state = self.state.lock();
        let current = state.held.as_ref().filter(|h| h.session.serial == session.serial);
        if current.is_none_or(|held| held.proved) {
            state.held = state.held.take().filter(|h| h.session.serial != session.serial);
            return Fault { act: Act::Retry { after: None }, ..said };
        }
        state.held = None;
        let fault = local::fault(
            local::SESSION_REFUSED,
            Act::Ask,
            Scope::Org,
            format!("a new session was refused at once: {}", said.detail),
            "needs an administrator: check the app's session policies, IP ranges and 'Lock sessions to the IP address', then resume",
        );
        state.parked = Some(fault.clone());
        fault
    }

    fn look(&self) -> Result<Found, Fault> {
        let state = self.state.lock();
        if let Some(fault) = &state.parked {
            return Err(fault.clone());
        }
        Ok(match &state.held {
            None => Found::None,
            Some(held) => {
                let age = self.ambient.clock.mono() - held.since_mono;
                let session = held.session.clone();
                if age < self.renew_after_ms { Found::Fresh(session) } else { Found::Old(session) }
            }
        })
    }

    fn forget(&self, dead: &Session) {
        let mut state = self.state.lock();
        state.held = state.held.take().filter(|h| h.session.serial != dead.serial);
    }

    /// Called by whoever holds the turn.
    async fn sign_in(&self) -> Result<Session, Fault> {
        let now = self.ambient.clock.mono();
        if let Some((fault, due)) = &self.state.lock().failed
            && now < *due
        {
            return Err(fault.clone());
        }
        let fetched = self.login.fetch(&*self.exchange, self.ambient.now()).await;
        let mut state = self.state.lock();
        match fetched.and_then(|session| state.pin(session)) {
            Ok(mut session) => {
                state.serial += 1;
                session.serial = state.serial;
                state.failed = None;
                state.failures = 0;
                let since_mono = self.ambient.clock.mono();
                state.held = Some(Held { session: session.clone(), since_mono, proved: false });
                tracing::info!(org = %session.org_id, "signed in to Salesforce");
                Ok(session)
            }
            Err(fault) => {
                tracing::warn!(code = %fault.code, "sign-in to Salesforce failed");
                self.failed(&mut state, &fault);
                Err(fault)
            }
        }
    }

    fn failed(&self, state: &mut State, fault: &Fault) {
        let Act::Retry { after } = fault.act else {
            state.held = None;
            state.parked = Some(fault.clone());
            return;
        };
        state.failures = state.failures.saturating_add(1);
        let hint = after.and_then(|after| i64::try_from(after.as_millis()).ok());
        let delay = RETRY.delay(state.failures, hint, &*self.ambient.chance);
        let due = self.ambient.clock.mono().saturating_add(delay.unwrap_or(RETRY.max_ms));
        state.failed = Some((fault.clone(), due));
    }
}

enum Found {
    Fresh(Session),
    Old(Session),
    None,
}

impl State {
    /// Refuses a session of another org than the pinned one; pins the first.
    fn pin(&mut self, session: Session) -> Result<Session, Fault> {
        let same = |org: &OrgId| org.as_str().get(..15) == session.org_id.as_str().get(..15);
        match &self.pinned {
            Some(org) if !same(org) => Err(local::fault(
                local::WRONG_ORG,
                Act::Ask,
                Scope::Org,
                format!("connected to org {org}, but the token is for org {}", session.org_id),
                "needs an administrator: a sandbox copy or wrong credentials; correct them, or connect the new org on purpose",
            )),
            Some(_) => Ok(session),
            None => {
                self.pinned = Some(session.org_id.clone());
                Ok(session)
            }
        }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("parked", &self.parked()).finish_non_exhaustive()
    }
}
