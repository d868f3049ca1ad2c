import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import en from './en.json';
import es from './es.json';
import pt from './pt.json';

/** Each language by its own name; the first is the default. */
export const LANGUAGES = [
  { tag: 'es', name: 'Español' },
  { tag: 'en', name: 'English' },
  { tag: 'pt-BR', name: 'Português (Brasil)' },
] as const;

export type Tag = (typeof LANGUAGES)[number]['tag'];

const KEPT = 'puente.language';

const known = (tag: string | null) => LANGUAGES.find((language) => language.tag === tag)?.tag;

/** The language asked for in the address, else the one kept, else Spanish. */
export function chosen(search: string, kept: string | null): Tag {
  const asked = new URLSearchParams(search).get('lang');
  return known(asked) ?? known(kept) ?? 'es';
}

export function startLanguage() {
  const lng = chosen(location.search, localStorage.getItem(KEPT));
  void i18next.use(initReactI18next).init({
    lng,
    fallbackLng: 'es',
    resources: {
      es: { translation: es },
      en: { translation: en },
      'pt-BR': { translation: pt },
    },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = lng;
}

export function setLanguage(tag: Tag) {
  localStorage.setItem(KEPT, tag);
  document.documentElement.lang = tag;
  void i18next.changeLanguage(tag);
}
