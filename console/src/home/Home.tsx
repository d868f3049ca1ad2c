import { IconArrowRight, IconBook2, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import styles from './Home.module.css';
import { Span } from './Span';

export function Home() {
  const { t } = useTranslation();
  return (
    <div className={styles.page}>
      <section className={styles.hero}>
        <h1>{t('home.title')}</h1>
        <p>{t('home.text')}</p>
        <Span />
      </section>
      <section className={styles.cards} aria-label={t('home.ways')}>
        <Link to="/demo" className={styles.card} data-first>
          <IconPlayerPlay size={26} aria-hidden />
          <h2>{t('home.demo.title')}</h2>
          <p>{t('home.demo.text')}</p>
          <span className={styles.go}>
            {t('home.demo.go')}
            <IconArrowRight size={16} aria-hidden />
          </span>
        </Link>
        <a href="/docs" className={styles.card}>
          <IconBook2 size={26} aria-hidden />
          <h2>{t('home.docs.title')}</h2>
          <p>{t('home.docs.text')}</p>
          <span className={styles.go}>
            {t('home.docs.go')}
            <IconArrowRight size={16} aria-hidden />
          </span>
        </a>
      </section>
    </div>
  );
}
