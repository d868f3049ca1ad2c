import { IconRoute } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Customer, Trace } from '../api';
import { Pane } from '../Pane';
import styles from './Bridge.module.css';
import { TraceCard } from './TraceCard';

/** What the bridge did with each message, newest first. */
export function Bridge({ traces, customers }: { traces: Trace[]; customers: Customer[] }) {
  const { t } = useTranslation();
  const name = (id: string | null) => customers.find((customer) => customer.id === id)?.name;
  return (
    <Pane
      id="bridge"
      icon={<IconRoute size={20} aria-hidden />}
      title={t('demo.bridge.title')}
      subtitle={t('demo.bridge.subtitle')}
    >
      {traces.length === 0 && <p className={styles.empty}>{t('demo.bridge.empty')}</p>}
      <ol className={styles.traces}>
        {traces.map((trace) => (
          <li key={trace.messageId}>
            <TraceCard trace={trace} who={name(trace.customerId)} />
          </li>
        ))}
      </ol>
    </Pane>
  );
}
