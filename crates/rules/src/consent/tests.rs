//! What counts as an opt-out, and what does not.

use model::Purpose;
use proptest::prelude::*;

use super::super::table::{HINTS, IN, OUT, OUT_OF_ALL};
use super::*;

const MARKETING: &[Purpose] = &[Purpose::Marketing];
const ALL: &[Purpose] = &Purpose::ASKED;

fn ends(text: &str) -> Option<&'static [Purpose]> {
    match Words::default().hear(text) {
        Heard::Out { of, .. } => Some(of),
        _ => None,
    }
}

#[test]
fn an_opt_out_is_heard_however_it_is_written() {
    let marketing = [
        "STOP",
        "stop",
        "Stop.",
        " stop ",
        "¡STOP!",
        "STOP 🛑",
        "🛑 stop",
        "\"STOP\"",
        "*STOP*",
        "_stop_",
        "(stop)",
        "stop\n",
        "BAJA",
        "Baja",
        "baja.",
        "¡Baja!",
        "baja 🙏🏽",
        "Darme de baja",
        "DAR DE BAJA",
        "quiero darme de baja",
        "Cancelar suscripción",
        "CANCELAR SUSCRIPCION",
        "cancelar suscripcio\u{301}n",
        "No más mensajes",
        "no mas mensajes!!",
        "No quiero más mensajes.",
        "No más publicidad",
        "UNSUBSCRIBE",
        "Unsubscribe!",
        "opt out",
        "opt-out",
        "OPTOUT",
        "Stop promotions",
        "No more messages",
        "SAIR",
        "sair",
        "Sair.",
        "PARAR",
        "pare",
        "Pare!",
        "Descadastrar",
        "cancelar inscrição",
        "CANCELAR INSCRIÇÃO",
        "Não quero mais mensagens",
        "nao quero receber mensagens",
        "Sair da lista",
    ];
    for text in marketing {
        assert_eq!(ends(text), Some(MARKETING), "{text:?}");
    }
    let all = [
        "Baja Todo",
        "baja, todo",
        "Baja de todo",
        "baja total!",
        "STOP ALL",
        "stopall",
        "Stop everything",
        "PARAR TUDO",
        "sair de tudo 🙏",
        "stop todo",
    ];
    for text in all {
        assert_eq!(ends(text), Some(ALL), "{text:?}");
    }
    for (word, _) in OUT_OF_ALL {
        assert_eq!(ends(&word.to_uppercase()), Some(ALL), "{word:?}");
    }
}

#[test]
fn a_word_in_a_sentence_decides_nothing() {
    let nothing = [
        "",
        " ",
        "🛑",
        "…",
        "hola",
        "¿baja el precio?",
        "la temperatura baja",
        "planta baja",
        "baja california",
        "no stop",
        "non-stop",
        "bus stop",
        "stop by tomorrow",
        "don't stop",
        "stop 2",
        "stop stop",
        "vou sair agora",
        "sair de casa",
        "quero parar às 5",
        "parar o carro",
        "cancelar",
        "cancelar mi pedido",
        "cancel",
        "salir",
        "alto",
        "end",
        "quit",
        "fin",
        "no",
        "estoy de baja médica",
        "alta y baja",
        "baja todo el volumen",
        "stopping",
        "bajas",
        "baj a",
        "s t o p",
        "стоп",
        "停",
        "停 stop",
        "https://example.com/stop",
        "optimist",
        "start",
    ];
    for text in nothing {
        assert_eq!(ends(text), None, "{text:?}");
        assert_ne!(Words::default().hear(text), Heard::Hint, "{text:?}");
    }
    let hints = [
        "por favor quiero dar de baja este número",
        "¿Cómo puedo darme de baja de esto?",
        "ya no quiero más mensajes de ustedes",
        "No me envíen más promociones, gracias",
        "please unsubscribe me",
        "Please stop sending me this",
        "I want to opt out of these",
        "Eu não quero receber isso",
        "por favor parem de enviar isso",
    ];
    for text in hints {
        assert_eq!(Words::default().hear(text), Heard::Hint, "{text:?}");
    }
    let long = format!("{} darme de baja", "muy ".repeat(300));
    assert_eq!(Words::default().hear(&long), Heard::Hint);
    assert_eq!(Words::default().hear(&"stop ".repeat(300)), Heard::Nothing);
}

#[test]
fn an_opt_in_is_heard_and_tells_its_language() {
    let table = [
        ("ALTA", Some(Language::Es)),
        ("¡Suscribirme!", Some(Language::Es)),
        ("START", None),
        ("unstop", Some(Language::En)),
        ("Opt-in", Some(Language::En)),
        ("Quero receber mensagens", Some(Language::Pt)),
    ];
    for (text, language) in table {
        assert_eq!(Words::default().hear(text), Heard::In { to: ALL, language }, "{text:?}");
    }
    for text in ["alta gama", "let's start", "start over", "dar de alta el servicio"] {
        assert_eq!(Words::default().hear(text), Heard::Nothing, "{text:?}");
    }
}

#[test]
fn a_tenants_words_come_on_top() {
    let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let (own_in, own_out) = (list(&["Sí, quiero", "doble"]), list(&["Cancelar", "doble", " 🛑 "]));
    let words = Words::with(&own_in, &own_out, &list(&["Olvídenme"]));
    assert_eq!(words.hear("si quiero!"), Heard::In { to: ALL, language: None });
    assert_eq!(words.hear("CANCELAR"), Heard::Out { of: MARKETING, language: None });
    assert_eq!(words.hear("olvidenme"), Heard::Out { of: ALL, language: None });
    assert_eq!(words.hear("doble"), Heard::Out { of: MARKETING, language: None });
    assert_eq!(words.hear("BAJA"), Words::default().hear("BAJA"));
    // a word that says nothing would be in every message without words
    assert_eq!(words.hear("🙂"), Heard::Nothing);
}

#[test]
fn each_word_stands_once_and_folded() {
    let all: Vec<_> = [OUT, OUT_OF_ALL, IN].concat().into_iter().map(|(word, _)| word).collect();
    for word in all.iter().chain(HINTS) {
        assert_eq!(fold(word), *word);
    }
    let unique: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(unique.len(), all.len());
}

proptest! {
    #[test]
    fn case_and_marks_around_it_change_nothing(
        pick in 0..OUT.len(), upper in any::<bool>(),
        before in "[ \\t\\n!¡¿?.,;:()\"*_~🛑🙏👍-]{0,6}", after in "[ \\t\\n!¡¿?.,;:()\"*_~🛑🙏👍-]{0,6}",
    ) {
        let word = OUT[pick].0;
        let word = if upper { word.to_uppercase() } else { word.to_owned() };
        prop_assert_eq!(ends(&format!("{before}{word}{after}")), Some(MARKETING));
    }

    #[test]
    fn a_word_more_is_a_sentence(pick in 0..OUT.len(), more in "(gracias|pedido|42|you|amanha|q)") {
        let word = OUT[pick].0;
        prop_assert_eq!(ends(&format!("{word} {more}")), None);
        prop_assert_eq!(ends(&format!("{more} {word}")), None);
        prop_assert_eq!(ends(&format!("{word}{more}")), None);
    }

    #[test]
    fn any_text_can_be_heard(text in any::<String>()) {
        Words::default().hear(&text);
    }
}
