//! A text by what it says: without case, accents, punctuation and emoji.

/// Words in lower case with one blank between them. Letters of other scripts
/// stay: they are part of what was said.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        // accents that stand alone, signs that choose how an emoji looks,
        // joiners, apostrophes: they part no words
        if matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{200b}'..='\u{200f}')
            || matches!(c, '\'' | '’' | '\u{2060}' | '\u{feff}')
        {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(plain(c));
    }
    out
}

/// The letter under the accents of Spanish, Portuguese and their neighbours.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_is_what_was_said() {
        let table = [
            ("BAJA", "baja"),
            ("  ¡Baja!  ", "baja"),
            ("Suscripción", "suscripcion"),
            ("Suscripcio\u{301}n", "suscripcion"),
            ("não", "nao"),
            ("na\u{303}o", "nao"),
            ("STOP 🛑✋🏽", "stop"),
            ("⛔️ stop ⛔️", "stop"),
            ("opt-out", "opt out"),
            ("baja,\n todo", "baja todo"),
            ("don't", "dont"),
            ("don’t", "dont"),
            ("🛑", ""),
            ("...", ""),
            ("", ""),
            ("стоп", "стоп"),
            ("İ", "i"),
        ];
        for (text, folded) in table {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(once.trim(), once.as_str());
            prop_assert!(!once.contains("  "));
        }
    }
}
