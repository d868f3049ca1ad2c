import { IconAlertCircle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Ticks } from '../api';
import styles from './Phone.module.css';

const ICONS = {
  pending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
};

/** How far a message came, as WhatsApp draws it. */
export function TickMark({ ticks }: { ticks: Ticks }) {
  const { t } = useTranslation();
  const Icon = ICONS[ticks];
  return (
    <span className={styles.ticks} data-ticks={ticks} role="img" aria-label={t(`demo.ticks.${ticks}`)}>
      <Icon size={15} stroke={2.2} aria-hidden />
    </span>
  );
}
