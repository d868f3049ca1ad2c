import {
  IconAddressBook,
  IconBriefcase,
  IconMessage,
  IconMessages,
  IconStar,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/useFormat';
import type { SfRecord } from '../api';
import { bare, fieldLabel, instant, shownFields } from './fields';
import type { Sobject } from './Records';
import styles from './Records.module.css';

const ICONS = {
  contacts: IconAddressBook,
  leads: IconStar,
  cases: IconBriefcase,
  conversations: IconMessages,
  messages: IconMessage,
};

interface Props {
  kind: Sobject;
  record: SfRecord;
  /** Came or changed while the page was open. */
  fresh: boolean;
}

export function RecordCard({ kind, record, fresh }: Props) {
  const { t } = useTranslation();
  const Icon = ICONS[kind];
  const { chief, others } = shownFields(record);
  return (
    <article className={styles.record} data-fresh={fresh || undefined}>
      <header>
        <span className={styles.icon}>
          <Icon size={16} aria-hidden />
        </span>
        <h4>{record.name}</h4>
        <code>{record.id}</code>
      </header>
      <Fields fields={chief} />
      {others.length > 0 && (
        <details>
          <summary>{t('demo.records.more', { count: others.length })}</summary>
          <Fields fields={others} />
        </details>
      )}
    </article>
  );
}

function Fields({ fields }: { fields: [string, string][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = (value: string) => {
    const ms = instant(value);
    return ms === null ? value : format.dated(ms);
  };
  return (
    <dl>
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`fields.${bare(name)}`, { defaultValue: fieldLabel(name) })}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
