import type { ReactNode } from 'react';

import styles from './Pane.module.css';

interface Props {
  /** Names the region for who listens. */
  id: string;
  icon: ReactNode;
  title: string;
  subtitle: string;
  children: ReactNode;
  /** Stays below while the rest scrolls. */
  foot?: ReactNode;
}

/** One of the places side by side: a head, what scrolls, a foot. */
export function Pane({ id, icon, title, subtitle, children, foot }: Props) {
  return (
    <div className={styles.pane}>
      <header className={styles.head}>
        <span className={styles.icon}>{icon}</span>
        <div>
          <h2 id={id}>{title}</h2>
          <p>{subtitle}</p>
        </div>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className={styles.body} tabIndex={0} aria-labelledby={id}>
        {children}
      </section>
      {foot && <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}
