import { Group } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { LanguageMenu } from './LanguageMenu';
import { Logo } from './Logo';
import { SchemeButton } from './SchemeButton';
import styles from './Shell.module.css';

/** The frame of every page: the name, the ways, the language, the light. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        {t('shell.skip')}
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.brand} aria-label={t('shell.home')}>
          <Logo />
          <span>{t('shell.name')}</span>
        </Link>
        <nav aria-label={t('shell.ways')} className={styles.ways}>
          <Link to="/demo" className={styles.way} activeProps={{ 'aria-current': 'page' }}>
            {t('shell.demo')}
          </Link>
          <a href="/docs" className={styles.way}>
            {t('shell.docs')}
          </a>
        </nav>
        <Group gap={4} wrap="nowrap">
          <LanguageMenu />
          <SchemeButton />
        </Group>
      </header>
      <main id="main" className={styles.main}>
        <Outlet />
      </main>
    </div>
  );
}
