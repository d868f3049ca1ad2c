//! The words that are known from the start, as [`super::fold`] leaves them.
//!
//! Words that are as often an answer to something else stay out: `cancelar`,
//! `salir`, `alto`, `cancel`, `end`, `quit`. A tenant may add them.

use super::Language::{self, En, Es, Pt};

/// A word, and the language it tells; `None` where it is used in all.
pub(super) type Word = (&'static str, Option<Language>);

/// End marketing.
pub(super) const OUT: &[Word] = &[
    ("stop", None),
    ("baja", Some(Es)),
    ("dar de baja", Some(Es)),
    ("darme de baja", Some(Es)),
    ("dame de baja", Some(Es)),
    ("quiero darme de baja", Some(Es)),
    ("cancelar suscripcion", Some(Es)),
    ("desuscribir", Some(Es)),
    ("desuscribirme", Some(Es)),
    ("no mas mensajes", Some(Es)),
    ("no quiero mas mensajes", Some(Es)),
    ("no mas publicidad", Some(Es)),
    ("no quiero publicidad", Some(Es)),
    ("detener promociones", Some(Es)),
    ("unsubscribe", Some(En)),
    ("opt out", Some(En)),
    ("optout", Some(En)),
    ("stop messages", Some(En)),
    ("stop promotions", Some(En)),
    ("no more messages", Some(En)),
    ("no more promotions", Some(En)),
    ("parar", Some(Pt)),
    ("pare", Some(Pt)),
    ("sair", Some(Pt)),
    ("sair da lista", Some(Pt)),
    ("descadastrar", Some(Pt)),
    ("cancelar inscricao", Some(Pt)),
    ("nao quero mais mensagens", Some(Pt)),
    ("nao quero receber mensagens", Some(Pt)),
    ("parar promocoes", Some(Pt)),
];

/// End everything.
pub(super) const OUT_OF_ALL: &[Word] = &[
    ("baja todo", Some(Es)),
    ("baja de todo", Some(Es)),
    ("baja total", Some(Es)),
    ("stop todo", Some(Es)),
    ("stop all", Some(En)),
    ("stopall", Some(En)),
    ("stop everything", Some(En)),
    ("parar tudo", Some(Pt)),
    ("sair de tudo", Some(Pt)),
    ("stop tudo", Some(Pt)),
];

/// Allow everything again.
pub(super) const IN: &[Word] = &[
    ("start", None),
    ("alta", Some(Es)),
    ("darme de alta", Some(Es)),
    ("suscribir", Some(Es)),
    ("suscribirme", Some(Es)),
    ("quiero recibir mensajes", Some(Es)),
    ("unstop", Some(En)),
    ("subscribe", Some(En)),
    ("opt in", Some(En)),
    ("optin", Some(En)),
    ("inscrever", Some(Pt)),
    ("quero receber mensagens", Some(Pt)),
];

/// In a sentence these make it likely that somebody wants out.
pub(super) const HINTS: &[&str] = &[
    "dar de baja",
    "darme de baja",
    "denme de baja",
    "dame de baja",
    "no quiero mas mensajes",
    "no me envien mas",
    "no me manden mas",
    "no me escriban mas",
    "no quiero recibir",
    "unsubscribe",
    "opt out",
    "stop sending",
    "stop messaging",
    "remove me from",
    "descadastrar",
    "nao quero receber",
    "nao quero mais receber",
    "parem de enviar",
    "sair da lista",
];
