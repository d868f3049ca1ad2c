//! The workers of one process, each with what it needs.

use std::sync::Arc;

use parking_lot::Mutex;
use store::op::WRITER;

use super::Engine;
use crate::bulk::{self, Bulk};
use crate::campaign::{Campaigns, Results};
use crate::intake::{self, Intake};
use crate::lease::Lease;
use crate::mark::Marker;
use crate::media;
use crate::metrics::Counter;
use crate::org::{CAMPAIGN, ROUTING, SURVEY};
use crate::outbound::Outbound;
use crate::reconcile::{Reconcile, Reconciler};
use crate::routing::{Endings, Moves, Opportunities, TargetsKept};
use crate::survey::Surveys;
use crate::templates::Lists;
use crate::upkeep::Upkeep;
use crate::writer::Writer;

impl Engine {
    pub fn intake(&self) -> Intake {
        Intake {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            directory: self.parts.directory.clone(),
            hours: self.hours.hours.clone(),
            nudges: self.nudges.clone(),
            pace: self.pace.clone(),
            status_delay_ms: self.parts.options.status_delay_ms,
            installation: self.installation,
            gate: self.gate.clone(),
            lease: self.lease(intake::LEASE.into()),
            counted: Arc::default(),
        }
    }

    fn lease(&self, name: String) -> Lease {
        Lease {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            name,
            holder: self.parts.options.holder.clone(),
            taken: Arc::default(),
        }
    }

    pub fn outbound(&self) -> Outbound {
        Outbound {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            clients: Arc::new(self.parts.remotes.whatsapp.clone()),
            directory: self.parts.directory.clone(),
            pace: self.pace.clone(),
            breakers: self.breakers.clone(),
            nudges: self.nudges.clone(),
            limits: self.parts.options.limits,
            installation: self.installation,
            gate: self.gate.clone(),
            working: Arc::default(),
            broken: Arc::new(Mutex::new(None)),
        }
    }

    pub fn media(&self) -> media::Worker {
        media::Worker {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            spool: self.parts.spool.clone(),
            whatsapp: Arc::new(self.parts.remotes.whatsapp.clone()),
            salesforce: Arc::new(self.parts.remotes.salesforce.clone()),
            web: self.parts.remotes.web.clone(),
            scanner: self.parts.remotes.scanner.clone(),
            directory: self.parts.directory.clone(),
            breakers: self.breakers.clone(),
            governors: self.governors.clone(),
            holder: self.parts.options.holder.clone(),
            nudges: self.nudges.clone(),
            limits: self.parts.options.media,
            told: media::Told::default(),
            broken: Arc::default(),
        }
    }

    pub fn template_lists(&self) -> Lists {
        Lists {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            directory: self.parts.directory.clone(),
            clients: self.parts.remotes.whatsapp.clone(),
            breakers: self.breakers.clone(),
            nudges: self.nudges.clone(),
            lease: self.lease("templates".into()),
        }
    }

    pub fn campaigns(&self) -> Campaigns {
        let lease = self.lease("campaigns".into());
        Campaigns::new(self.desk.clone(), self.pace.clone(), lease)
    }

    /// Shows campaigns in Salesforce, for each tenant that has one.
    pub fn campaign_results(&self) -> impl Iterator<Item = Results> + '_ {
        self.parts.remotes.salesforce.keys().filter_map(|tenant| {
            Some(Results {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                org: self.campaigns.orgs.of(tenant, &self.parts.ambient, CAMPAIGN)?,
                lease: self.lease(format!("campaign.results.{tenant}")),
                away: Arc::default(),
            })
        })
    }

    /// Ends conversations, for each tenant that has a Salesforce.
    pub fn endings(&self) -> impl Iterator<Item = Endings> + '_ {
        self.parts.remotes.salesforce.keys().filter_map(|tenant| {
            Some(Endings {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                org: self.campaigns.orgs.of(tenant, &self.parts.ambient, ROUTING)?,
                routings: self.routing.routings.clone(),
                surveys: self.surveys.surveys.clone(),
                lease: self.lease(format!("routing.endings.{tenant}")),
                nudges: self.nudges.clone(),
                looked: Arc::default(),
            })
        })
    }

    /// Makes opportunities, for each tenant that has a Salesforce.
    pub fn opportunities(&self) -> impl Iterator<Item = Opportunities> + '_ {
        self.parts.remotes.salesforce.keys().filter_map(|tenant| {
            Some(Opportunities {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                org: self.campaigns.orgs.of(tenant, &self.parts.ambient, ROUTING)?,
                routings: self.routing.routings.clone(),
                targets: TargetsKept::default(),
                hours: self.hours.hours.clone(),
                lease: self.lease(format!("routing.opportunities.{tenant}")),
                nudges: self.nudges.clone(),
                tempo: Arc::default(),
            })
        })
    }

    /// Moves and closes cases, for each tenant that has a Salesforce.
    pub fn case_moves(&self) -> impl Iterator<Item = Moves> + '_ {
        self.parts.remotes.salesforce.keys().filter_map(|tenant| {
            Some(Moves {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                org: self.campaigns.orgs.of(tenant, &self.parts.ambient, ROUTING)?,
                routings: self.routing.routings.clone(),
                hours: self.hours.hours.clone(),
                lease: self.lease(format!("routing.moves.{tenant}")),
                looked: Arc::default(),
            })
        })
    }

    /// Asks about closed cases, for each tenant that has a Salesforce.
    pub fn surveyors(&self) -> impl Iterator<Item = Surveys> + '_ {
        self.parts.remotes.salesforce.keys().filter_map(|tenant| {
            Some(Surveys {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                org: self.campaigns.orgs.of(tenant, &self.parts.ambient, SURVEY)?,
                directory: self.parts.directory.clone(),
                surveys: self.surveys.surveys.clone(),
                lease: self.lease(format!("survey.{tenant}")),
                nudges: self.nudges.clone(),
                looked: Arc::default(),
            })
        })
    }

    pub fn upkeep(&self) -> Upkeep {
        let alone = self.parts.options.alone;
        Upkeep {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            nudges: self.nudges.clone(),
            uncertain: self.parts.options.uncertain.clone(),
            abandoned_before: alone.then(|| self.parts.ambient.now()),
            trends: self.board.trends.clone(),
            seen: Arc::default(),
            charges_at: Arc::default(),
        }
    }

    pub fn writers(&self) -> impl Iterator<Item = Writer> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Writer {
            tenant: tenant.clone(),
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            client: client.clone(),
            directory: self.parts.directory.clone(),
            nudges: self.nudges.clone(),
            defaults: self.parts.options.defaults.get(tenant).cloned().unwrap_or_default(),
            mappings: self.mapping.mappings.clone(),
            routings: self.routing.routings.clone(),
            targets: TargetsKept::default(),
            hours: self.hours.hours.clone(),
            lease: self.lease(format!("{WRITER}{tenant}")),
            governor: self.governors[tenant].clone(),
            breakers: self.breakers.clone(),
            tempo: Arc::default(),
            way: bulk::Way::default(),
        })
    }

    /// Keeps the mark outside, for each tenant that has a Salesforce.
    pub fn markers(&self) -> impl Iterator<Item = Marker> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Marker {
            tenant: tenant.clone(),
            numbers: self.parts.directory.numbers_of(tenant).map(|n| n.id.clone()).collect(),
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            client: client.clone(),
            nudges: self.nudges.clone(),
            gate: self.gate.clone(),
            session: self.session.clone(),
            place: self.place.clone(),
            seen: Arc::default(),
            asking: Arc::default(),
            failures: Arc::default(),
        })
    }

    /// Compares both sides, for each tenant that has a Salesforce.
    pub fn reconcilers(&self) -> impl Iterator<Item = Reconciler> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Reconciler {
            run: Reconcile {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                ambient: self.parts.ambient.clone(),
                client: client.clone(),
                nudges: self.nudges.clone(),
            },
            holder: self.parts.options.holder.clone(),
            not_before: Arc::new(Mutex::new(model::UnixMs(0))),
        })
    }

    /// Counts the days of each tenant.
    pub fn counters(&self) -> impl Iterator<Item = Counter> + '_ {
        self.parts.directory.tenants().into_iter().map(|tenant| Counter {
            lease: self.lease(format!("metrics.{tenant}")),
            tenant,
            figures: self.figures.clone(),
            compared: Arc::default(),
        })
    }

    /// The jobs of the org that this writer writes to.
    pub fn bulk(&self, writer: Writer) -> Bulk {
        let options = self.parts.options.bulk.get(&writer.tenant).copied().unwrap_or_default();
        Bulk::new(writer, options)
    }
}
