import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Times, spans and places in the words of the chosen language. */
export function useFormat() {
  const { i18n } = useTranslation();
  return useMemo(() => formats(i18n.language), [i18n.language]);
}

export function formats(language: string) {
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const exact = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const dated = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenth = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const degree = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  /** `38 ms`, `1.2 s`, `3 min`; a minus before what came earlier. */
  const span = (ms: number): string => {
    if (ms < 0) return `\u2212${span(-ms)}`;
    if (ms < 1000) return `${whole.format(ms)} ms`;
    if (ms < 60_000) return `${tenth.format(ms / 1000)} s`;
    return `${whole.format(ms / 60_000)} min`;
  };
  return {
    time: (ms: number) => time.format(ms),
    exact: (ms: number) => exact.format(ms),
    dated: (ms: number) => dated.format(ms),
    span,
    place: (latitude: number, longitude: number) =>
      `${degree.format(latitude)}; ${degree.format(longitude)}`,
  };
}
