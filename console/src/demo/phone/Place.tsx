import { IconMapPinFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/useFormat';
import styles from './Place.module.css';

/** A place as a drawn map: the real one would be asked of somebody else's server. */
export function Place({ latitude, longitude }: { latitude: number; longitude: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className={styles.place}>
      <svg viewBox="0 0 230 110" className={styles.map} aria-hidden="true">
        <rect className={styles.land} width="230" height="110" />
        <path className={styles.park} d="M146 0h84v48l-58 10z" />
        <path className={styles.water} d="M0 88C40 70 66 108 112 92s70-6 118-22v40H0z" />
        <path className={styles.street} d="M0 32 230 12M0 62 230 44M44 0l20 110M118 0l14 110M186 0l8 110" />
      </svg>
      <IconMapPinFilled className={styles.pin} size={30} aria-hidden />
      <span className={styles.words}>
        {t('demo.phone.location')}
        <small>{format.place(latitude, longitude)}</small>
      </span>
    </span>
  );
}
