import { IconCloud } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Customer, Records as All } from '../api';
import { Pane } from '../Pane';
import { signature } from './fields';
import { RecordCard } from './RecordCard';
import styles from './Records.module.css';
import { ReplyBox } from './ReplyBox';

const SOBJECTS = ['contacts', 'leads', 'cases', 'conversations', 'messages'] as const;
export type Sobject = (typeof SOBJECTS)[number];

/** The records as Salesforce has them, and the box an agent answers from. */
export function Records({ records, customer }: { records: All; customer: Customer }) {
  const { t } = useTranslation();
  // What was there when the page opened does not light up; what comes or changes later does.
  const [old] = useState(() => new Set(SOBJECTS.flatMap((kind) => records[kind].map(signature))));
  const some = SOBJECTS.filter((kind) => records[kind].length > 0);
  return (
    <Pane
      id="records"
      icon={<IconCloud size={20} aria-hidden />}
      title={t('demo.records.title')}
      subtitle={t('demo.records.subtitle')}
      foot={<ReplyBox key={customer.id} customer={customer} />}
    >
      {some.length === 0 && <p className={styles.empty}>{t('demo.records.empty')}</p>}
      {some.map((kind) => (
        <section key={kind} className={styles.kind} data-kind={kind} aria-labelledby={`records-${kind}`}>
          <h3 id={`records-${kind}`}>
            {t(`demo.records.${kind}`)}
            <span className={styles.count}>{records[kind].length}</span>
          </h3>
          {records[kind].map((record) => {
            const now = signature(record);
            return <RecordCard key={now} kind={kind} record={record} fresh={!old.has(now)} />;
          })}
        </section>
      ))}
    </Pane>
  );
}
