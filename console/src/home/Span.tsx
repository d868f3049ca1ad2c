import { IconBrandWhatsapp, IconCloud } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import styles from './Home.module.css';

/** The two shores and the bridge between them. */
export function Span() {
  const { t } = useTranslation();
  return (
    <div className={styles.span} role="img" aria-label={t('home.picture')}>
      <div className={styles.shore} data-side="whatsapp">
        <IconBrandWhatsapp size={30} aria-hidden />
        <span>{t('home.whatsapp')}</span>
      </div>
      <svg viewBox="0 0 320 90" className={styles.arch} aria-hidden="true">
        <path d="M0 70H320" />
        <path d="M20 70C20 0 300 0 300 70" />
        <path d="M65 70V30M110 70V20.6M160 70V17.5M210 70V20.6M255 70V30" />
        <circle className={styles.going} cx="0" cy="70" r="5" />
        <circle className={styles.coming} cx="320" cy="70" r="5" />
      </svg>
      <div className={styles.shore} data-side="salesforce">
        <IconCloud size={30} aria-hidden />
        <span>{t('home.salesforce')}</span>
      </div>
    </div>
  );
}
