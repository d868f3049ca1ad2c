import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/useFormat';
import type { Trace } from '../api';
import styles from './Bridge.module.css';
import { timeline } from './timeline';

/** The way of one message: each step, and when after the first it came. */
export function TraceCard({ trace, who }: { trace: Trace; who: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { start, total, steps } = timeline(trace);
  const Arrow = trace.direction === 'inbound' ? IconArrowDownLeft : IconArrowUpRight;
  return (
    <article className={styles.trace} data-direction={trace.direction}>
      <header className={styles.top}>
        <span className={styles.arrow} role="img" aria-label={t(`demo.bridge.${trace.direction}`)}>
          <Arrow size={17} aria-hidden />
        </span>
        <div className={styles.about}>
          <h3>{trace.title}</h3>
          <p>
            {who}
            {who && start !== null && ' · '}
            {start !== null && format.exact(start)}
          </p>
        </div>
        <span className={styles.total}>
          {total === null ? t('demo.bridge.going') : format.span(total)}
        </span>
      </header>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.key}>
            <span className={styles.after}>{step.after < 0 ? '' : '+'}
              {format.span(step.after)}</span>
            <span>
              <strong>{t(`steps.${step.what}`, { defaultValue: step.what })}</strong>
              {step.detail && <small>{step.detail}</small>}
            </span>
          </li>
        ))}
      </ol>
      {trace.wamid && <code className={styles.wamid}>{trace.wamid}</code>}
    </article>
  );
}
